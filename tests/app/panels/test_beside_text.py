"""How a result compares with the next one, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.panels.wording import beside_text
from app.session.results import Results, Slot
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.patch import Patch
from editor.model.score import Gates, Score

NIGHT, SNOW = Instruction("make it night"), Instruction("make it snow")


def slot(words: Instruction, direction: float, image: float, seed: int) -> Slot:
    request = EditRequest("0" * 64, None, words, "instruct_pix2pix", 1, seed=seed)
    score = Score(request.key, direction=direction, image=image, gates=Gates())
    return Slot(request, Candidate(request, Patch()), score)


def results(instruction: Instruction, *slots: Slot) -> Results:
    return Results("job", "parent", instruction, slots=slots)


def test_two_results_of_the_same_words_are_compared() -> None:
    found = results(NIGHT, slot(NIGHT, 0.6, 0.7, 1), slot(NIGHT, 0.2, 0.95, 2))
    text = beside_text(found, 0)
    assert text == "Number 2 goes less far. Number 2 keeps more of the picture."
    assert beside_text(found, 1) == "Number 1 goes further. Number 1 keeps less of the picture."


def test_results_of_other_words_are_not() -> None:
    """How far snow goes says nothing about a night."""
    explored = results(Instruction(""), slot(NIGHT, 0.6, 0.7, 1), slot(SNOW, 0.2, 0.95, 2))
    assert beside_text(explored, 0) == ""
    assert beside_text(replace(explored, instruction=NIGHT), 0) != ""


def test_results_that_were_measured_in_other_ways_are_not() -> None:
    """A share of the change asked for is no CLIP direction."""
    by_clip, by_effect = slot(NIGHT, 0.6, 0.7, 1), slot(NIGHT, 0.2, 0.95, 2)
    assert by_effect.score is not None
    score = replace(by_effect.score, direction=None, asked=1.0)
    mixed = results(NIGHT, by_clip, replace(by_effect, score=score))
    assert beside_text(mixed, 0) == ""


@pytest.mark.parametrize("count", [0, 1])
def test_alone_or_alike_nothing_is_said(count: int) -> None:
    alike = [slot(NIGHT, 0.6, 0.7, n) for n in range(1 + count)]
    assert beside_text(results(NIGHT, *alike), 0) == ""
