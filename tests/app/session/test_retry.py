"""Where nothing reached the artist's bar there are three ways to go on, each one click."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.session.results import ResultsStage
from app.session.retry import FURTHER, KEEP, METHOD, none_passed, retries
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.patch import Patch
from editor.model.score import Score
from editor.model.selection import Selection
from inference.request import jobs
from inference.workflow.preparation import Preparation
from tests.app.session_cases import CAPTION, repainting

PROMPTS = Instruction("at dusk", CAPTION, "a red house at night")


def repaint(
    f: Any, *, direction: float, image: float = 0.9, source: float = 0.3, text: str = "at dusk"
) -> tuple[EditRequest, ...]:
    """Two results of InstructPix2Pix that go the way of the words that far."""
    if text:
        f.session.edit.run(text, count=2)
    job: jobs.EditJob = f.engine.job
    words = replace(PROMPTS, text=job.instructions[0].text)
    f.engine.understand(Preparation(words, **repainting("x")))
    for request in f.engine.requests:
        f.engine.job_event.emit(
            jobs.CandidateReady(job.id, Candidate(request, Patch((("exposure", 0.5),))))
        )
        score = Score(request.key, direction=direction, image=image, source=source, target=0.3)
        f.engine.job_event.emit(jobs.ScoreReady(job.id, score))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))
    return tuple(f.engine.requests)


def kinds(f: Any) -> list[str]:
    return [one.kind for one in f.session.retry.offers]


def test_nothing_is_offered_where_one_passed(f: Any) -> None:
    assert kinds(f) == []
    repaint(f, direction=0.4)
    assert f.session.results.ranking.places[0].passed
    assert kinds(f) == []


@pytest.mark.parametrize("kind", [FURTHER, KEEP])
def test_bolder_and_gentler(f: Any, kind: str) -> None:
    first = repaint(f, direction=0.05)
    assert kinds(f) == [FURTHER, KEEP, METHOD]  # dusk is a word of tone and colour too
    f.session.retry.run(kind, count=2)
    assert f.engine.job.instructions == (PROMPTS,)
    assert not f.engine.job.ask  # nothing is asked about it again
    again = repaint(f, direction=0.5, text="")
    before, after = (dict(requests[0].settings) for requests in (first, again))
    more = 1.5 if kind == FURTHER else 1 / 1.5
    assert after["guidance_scale"] == pytest.approx(before["guidance_scale"] * more)
    held = [dict(r.settings)["image_guidance_scale"] for r in again]
    first_held = [dict(r.settings)["image_guidance_scale"] for r in first]
    assert held == (first_held if kind == FURTHER else [pytest.approx(1.9)] * 2)
    assert {r.seed for r in again}.isdisjoint(r.seed for r in first)
    assert kinds(f) == []  # these pass


def test_another_method_only_if_it_reads_the_words(f: Any) -> None:
    repaint(f, direction=0.05)
    f.session.retry.run(METHOD)
    assert f.engine.job.methods == ("adjust",)
    f.session.driver.cancel()
    repaint(f, direction=0.05, text="turn the house into a boat")
    assert kinds(f) == [FURTHER, KEEP]


def test_what_can_go_no_further_is_not_offered(f: Any) -> None:
    repaint(f, direction=0.05)
    for _ in range(3):
        assert FURTHER in kinds(f)
        f.session.retry.run(FURTHER, count=2)
        repaint(f, direction=0.05, text="")
    settings = dict(f.session.results.slots[0].request.settings)
    assert settings["guidance_scale"] == 20.0
    assert kinds(f) == [KEEP, METHOD]  # another method stays possible all the while


def test_other_words_do_not_keep_the_settings(f: Any) -> None:
    first = repaint(f, direction=0.05)
    f.session.retry.run(FURTHER, count=2)
    repaint(f, direction=0.05, text="")
    other = repaint(f, direction=0.05, text="make it snow")
    assert other[0].settings == first[0].settings


def test_tone_and_colour_has_no_bolder_way(f: Any) -> None:
    f.run("brighter", (0.5, 1.0))
    assert all(place.passed for place in f.session.results.ranking.places)
    f.session.edit.run("brighter")
    f.engine.prepare(0.5, 1.0)
    f.engine.edit(asked=(0.0, 0.0))
    assert none_passed(f.session.results)
    assert kinds(f) == []
    f.session.retry.run(FURTHER)
    assert f.session.results.stage is ResultsStage.RANKED  # nothing began


def test_it_is_said_once_with_the_likeliest_way(f: Any) -> None:
    repaint(f, direction=0.05)
    message = f.session.messages.current
    assert message.text.startswith("None reached your bar.")
    assert (message.button, message.action) == ("Change more", "retry:further")
    repaint(f, direction=0.5)
    assert f.session.messages.current is None


def test_what_fell_short_says_what_is_likeliest(f: Any) -> None:
    repaint(f, direction=0.4, image=0.5)
    assert kinds(f) == [KEEP, FURTHER, METHOD]
    assert f.session.messages.current.action == "retry:keep"


def test_no_strength_helps_a_caption_that_does_not_fit(f: Any) -> None:
    repaint(f, direction=0.4, source=0.1)
    assert kinds(f) == [METHOD]
    repaint(f, direction=0.4, source=0.1, text="turn the house into a boat")
    assert kinds(f) == []
    assert f.session.messages.current.button == ""


@pytest.mark.parametrize("how", ["keep", "undo", "select"])
def test_what_was_said_goes_when_it_is_no_longer_so(f: Any, how: str) -> None:
    f.run()
    f.keep()
    repaint(f, direction=0.05)
    assert f.session.messages.current.action == "retry:further"
    if how == "keep":
        f.keep()
    elif how == "undo":
        f.session.undo()
    else:
        inside = np.full((280, 300), 255, np.uint8)
        inside[:40] = 0
        f.session.view.set_selection(Selection.from_array(inside))

    def hushed() -> bool:
        message = f.session.messages.current
        return message is None or not message.action.startswith("retry:")

    f.wait(hushed)  # what is kept is said when it is on disk


def test_who_walked_on_meanwhile_is_not_told_of_what_is_shown(f: Any) -> None:
    f.run()
    f.keep()
    f.session.edit.run("at dusk", count=2)
    f.session.undo()
    repaint(f, direction=0.05, text="")
    assert f.session.messages.current.text == "None reached your bar."
    assert kinds(f) == []


def test_nothing_is_offered_for_another_picture_or_selection(f: Any) -> None:
    f.run()
    f.keep()
    repaint(f, direction=0.05)
    assert kinds(f)
    whole = f.session.view.selection
    inside = np.zeros((280, 300), np.uint8)
    inside[:40] = 255
    f.session.view.set_selection(Selection.from_array(inside))
    assert kinds(f) == []
    f.session.view.set_selection(whole)
    assert kinds(f)
    f.session.undo()
    assert kinds(f) == []


def test_a_method_of_a_later_version_is_left_alone(f: Any) -> None:
    repaint(f, direction=0.05)
    results = f.session.results
    slots = tuple(
        replace(slot, request=replace(slot.request, method="later")) for slot in results.slots
    )
    assert retries(replace(results, slots=slots, ranking=results.ranking), ()) == ()
