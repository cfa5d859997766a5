"""Reasons of the ranking in the language of the window."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from app.i18n.reasons import reason_text
from app.panels.wording import bars
from app.session.results import Slot
from editor.model.edit import EditRequest, Instruction
from editor.model.ranking import Ranked
from editor.model.score import CALIBRATED, PAPER, Gates, MeasuredPart, Score
from editor.ranking.rank import rank
from tests.app.pseudo_locale import marked, pseudo_locale

BY_CLIP = [
    Score("a", direction=0.3, image=0.9),
    Score("b", direction=0.25, image=0.95),
    Score("c", direction=0.05, image=0.99),
]
MEASURED = [
    Score(key, asked=share, unasked=0.2, parts=(MeasuredPart("chroma_blue", -1, share),))
    for key, share in (("a", 0.9), ("b", 0.6), ("c", 0.1))
]


@pytest.mark.parametrize("scores", [BY_CLIP, MEASURED])
def test_a_ranking_reads_the_same_in_english(scores: list[Score], qtbot: QtBot) -> None:
    for place in rank(scores).places:
        assert reason_text(place) == place.reason


def test_a_ranking_is_translated_whole() -> None:
    with pseudo_locale():
        assert reason_text(rank(BY_CLIP).places[0]) == marked("follows the words best")
        blue = marked("quietest {hue}s").format(hue=marked("blue"))
        wanted = marked("{what} of the {count}").format(what=blue, count=marked("three"))
        assert reason_text(rank(MEASURED).places[0]) == wanted


def test_rankings_of_older_documents_have_words_alone() -> None:
    place = Ranked("a", 1, True, "Much warmer and brighter; the rest stays", None)
    with pseudo_locale():
        assert reason_text(place) == "Much warmer and brighter; the rest stays"
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


def test_what_does_not_show_what_was_asked_has_a_hollow_bar_of_words() -> None:
    request = EditRequest("d", None, Instruction("x"), "instruct_pix2pix", 1)
    gates = Gates(image=0.6, direction=0.5, caption=0.75, origin=CALIBRATED)
    score = Score(request.key, direction=0.8, image=0.8, target=0.7, gates=gates)
    place = rank([score]).places[0]
    assert (place.passed, place.reason) == (False, "Does not show what was asked")
    words, picture = bars(Slot(request, score=score))
    assert (words.name, words.value, words.notch, words.passed) == ("Words", 0.7, 0.75, False)
    assert picture.passed


def test_the_bar_that_is_not_reached_is_among_those_there_is_room_for() -> None:
    request = EditRequest("d", None, Instruction("x"), "instruct_pix2pix", 1)
    gates = Gates(image=0.6, direction=0.2, origin=CALIBRATED)
    score = Score(request.key, direction=0.8, image=0.8, damage=0.9, gates=gates)
    assert [bar.name for bar in bars(Slot(request, score=score), 2)] == ["Words", "Edges"]
    sound = Score(request.key, direction=0.8, image=0.8, damage=0.1, gates=gates)
    assert [bar.name for bar in bars(Slot(request, score=sound), 2)] == ["Words", "Picture"]
