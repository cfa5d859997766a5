"""What one clause names, and the directions that its words give."""

from __future__ import annotations

import pytest

from editor.errors import NotUnderstood
from editor.tone.clause import InstructionClause
from editor.tone.matching import match
from editor.tone.mentions import Mentions
from editor.tone.strength import sign_of


def clause_of(text: str) -> InstructionClause:
    return InstructionClause("", match(text)[0])


def test_effects_tones_and_colours_are_kept_apart() -> None:
    named = Mentions.of(clause_of("much brighter blue shadows and edges"))
    assert [w.text for w in named.effects] == ["brighter"]
    assert (named.tones, named.hues, named.special) == (["shadows"], [], ["edges"])
    assert [w.term.name for w in named.colours] == ["blue"]
    assert named.factor > 1
    assert named.number is None


def test_tones_of_a_colour_are_what_has_it_or_a_colour_over_everything() -> None:
    assert Mentions.of(clause_of("darker blue tones")).hues == ["blue"]
    over = Mentions.of(clause_of("blue tones"))
    assert over.hues == []
    assert [w.term.name for w in over.colours] == ["blue"]


def test_a_verb_with_a_noun_becomes_a_direction() -> None:
    clause = clause_of("soften the contrast")
    named = Mentions.of(clause)
    assert [w.text for w in named.effects] == ["contrast"]
    assert [w.term.sign for w in clause.of("lower")] == [-1]


def test_two_figures_in_one_clause_are_refused() -> None:
    with pytest.raises(NotUnderstood):
        Mentions.of(clause_of("contrast +10 +20"))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("brighter", 1),
        ("too bright", -1),
        ("too much contrast", -1),
        ("not sharp", -1),
        ("it looks not sharp", 1),
        ("not bright enough", 1),
        ("no contrast", -1),
        ("there is no contrast", 1),
        ("the picture is dark", 1),
        ("make it dark", -1),
        ("the contrast is low", 1),
        ("fix the noise", -1),
        ("contrast -10", -1),
        ("twice the contrast", 1),
        ("half the contrast", -1),
    ],
)
def test_directions(text: str, sign: int) -> None:
    clause = clause_of(text)
    assert sign_of(clause, clause.of("effect")[0]) == sign


def test_an_axis_alone_has_no_direction() -> None:
    clause = clause_of("exposure")
    with pytest.raises(NotUnderstood) as refused:
        sign_of(clause, clause.of("effect")[0])
    assert refused.value.nearest == ("more exposure", "less exposure")
