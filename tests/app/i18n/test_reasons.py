"""Reasons of the ranking through Qt's translation."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from pytestqt.qtbot import QtBot

from app.i18n.reasons import CLAUSES, clause_text, measured_text, reason_text
from app.panels.wording import bars
from app.session.results import Slot
from editor.model.edit import EditRequest, Instruction
from editor.ranking.measured_score import TITLES, WORDS
from editor.ranking.rank import Clause, Ranked, Score, rank
from editor.ranking.reasons import ENGLISH
from editor.ranking.score import CALIBRATED, PAPER, Gates

EFFECTS = sorted({text for both in WORDS.values() for text in both})
SAID = (
    *EFFECTS,
    *(f"a little {a}" for a in EFFECTS),
    *(f"much {a} and {b}" for a, b in itertools.pairwise(EFFECTS)),
    *(f"clearly {a}" for a in EFFECTS),
    *(f"{a} too" for a in EFFECTS),
    *(f"but {a}, which was to stay" for a in EFFECTS),
    *(f"{title} stays as it was" for title in (*TITLES.values(), "one part")),
    "3.4 % of the picture clips",
    "the rest stays",
    "exactly the shape asked for",
    "hardly changes what was asked",
    "all colour gone",
    "most colour gone",
)


class Foreign(QTranslator):
    """Another language: every letter is another one, places for values stay."""

    def translate(self, context, text, disambiguation=None, n=-1):
        if context != "Reasons":
            return ""
        return "".join("ж" if c.isascii() and c.isalpha() else c for c in text)


@pytest.fixture
def foreign(qapp) -> Iterator[None]:
    translator = Foreign()
    QCoreApplication.installTranslator(translator)
    yield
    QCoreApplication.removeTranslator(translator)


def english_letters(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isalpha())


def test_every_clause_has_the_words_of_the_editor() -> None:
    assert {**CLAUSES, "said": ENGLISH["said"]} == ENGLISH


def test_measured_effects_are_translated_whole(foreign: None) -> None:
    for said in SAID:
        found = measured_text(said)
        assert english_letters(found) == "", said
        assert [c for c in found if c.isdigit()] == [c for c in said if c.isdigit()]


def test_english_stays_as_it_is_said(qtbot: QtBot) -> None:
    for said in SAID:
        assert measured_text(said) == said


def test_words_nobody_knows_stay() -> None:
    assert measured_text("a dragon too") == "a dragon too"


def test_clauses_keep_their_values(foreign: None) -> None:
    text = clause_text(Clause("outside", (3,)))
    assert "3" in text
    assert "255" in text
    assert english_letters(text) == ""


def test_a_ranking_reads_the_same_in_english(qtbot: QtBot) -> None:
    scores = [
        Score("a", direction=0.3, image=0.9),
        Score("b", direction=0.25, image=0.95),
        Score("c", direction=0.05, image=0.99),
    ]
    measured = [
        Score(k, asked=s, unasked=0.2, reasons=("a little warmer", "darker too"))
        for k, s in (("a", 0.9), ("b", 0.6), ("c", 0.1))
    ]
    for listed in (scores, measured):
        for place in rank(listed).places:
            assert reason_text(place) == place.reason


def test_rankings_of_older_documents_have_words_alone(foreign: None) -> None:
    place = Ranked("a", 1, True, "Much warmer and brighter; the rest stays", None)
    assert english_letters(reason_text(place)) == ""
    assert reason_text(None) == ""


@pytest.mark.parametrize("origin", [PAPER, CALIBRATED])
@pytest.mark.parametrize(("gate", "reached"), [(0.15, True), (0.35, False)])
def test_the_notch_is_the_gate_that_was_used(origin: str, gate: float, reached: bool) -> None:
    """Whatever scale that CLIP model lives on."""
    request = EditRequest("d", None, Instruction("x"), "instruct_pix2pix", 1)
    bar = Gates(image=0.6 if reached else 0.9, direction=gate, origin=origin)
    score = Score(request.key, direction=0.3, image=0.8, gates=bar)
    words, picture = bars(Slot(request, score=score))
    assert words.passed is reached
    assert picture.passed is reached
    assert picture.notch == bar.image
