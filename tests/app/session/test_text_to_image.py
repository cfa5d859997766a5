"""`NewPicture` without a session, over a scripted engine."""

from __future__ import annotations

import threading

import pytest

from app.session.results import ResultsStage
from app.session.text_to_image import NewPicture
from editor.errors import ModelMissing
from editor.messages import verbatim
from editor.model.edit import Instruction
from editor.model.patch import settings_of
from inference.request import jobs
from inference.request.analysis import Variant
from inference.workflow.preparation import Preparation
from tests.app.session.part_cases import Parts

SIDE = 16


@pytest.fixture
def new(p: Parts, monkeypatch: pytest.MonkeyPatch) -> NewPicture:
    monkeypatch.setattr("app.session.text_to_image.picture_side", lambda choices, ticket: SIDE)
    return NewPicture(p.driver, p.binding, p.results, p.work, p.messages, tuple)


def test_new_pictures_are_drawn_on_white_paper(p: Parts, new: NewPicture) -> None:
    new.draw(" a red  house ", count=2, seed=5)
    assert p.results.are_new_pictures
    p.wait(lambda: p.engine.submitted)
    job = p.engine.submitted[-1]
    assert job.instructions == (Instruction("a red house", target_prompt="a red house"),)
    assert (job.methods, job.count) == (("generate",), 2)
    assert p.results.value is not None
    paper = p.results.value.source
    assert paper is not None
    assert (paper.width, paper.height) == (SIDE, SIDE)
    assert paper.array().min() == 255
    variants = {"generate": (Variant(settings_of({}), verbatim("a red house")),)}
    p.engine.understand(Preparation(job.instructions[0], ("generate",), variants))
    assert job.until is jobs.Until.EDITED  # there is nothing to compare it with
    assert [request.seed for request in p.engine.requests] == [5, 6]
    assert p.results.value.stage is ResultsStage.RUNNING


def test_while_a_document_is_open_nothing_is_drawn(p: Parts, new: NewPicture) -> None:
    p.open()
    new.draw("a red house")
    assert p.results.value is None


def test_without_words_nothing_is_drawn(p: Parts, new: NewPicture) -> None:
    new.draw("  ")
    assert p.results.value is None


def test_a_cancel_before_the_size_is_known_submits_nothing(p: Parts, new: NewPicture) -> None:
    new.draw("a red house")
    p.driver.cancel()
    done: list[object] = []
    p.work.run(lambda ticket: None, done.append)  # runs after the one that finds the size
    p.wait(lambda: done)
    assert not p.engine.submitted


def test_a_missing_model_is_said(p: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(choices: object, ticket: object) -> int:
        raise ModelMissing("No model draws pictures.", "Add a model")

    monkeypatch.setattr("app.session.text_to_image.picture_side", missing)
    new = NewPicture(p.driver, p.binding, p.results, p.work, p.messages, tuple)
    new.draw("a red house")
    p.wait(lambda: p.messages.current is not None)
    assert p.results.value is None
    assert p.messages.current is not None
    assert p.messages.current.action == "show_models"


def test_a_missing_model_is_not_said_of_what_was_given_up(
    p: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = threading.Event(), threading.Event()

    def missing(choices: object, ticket: object) -> int:
        begun.set()
        go.wait()
        raise ModelMissing("No model draws pictures.", "Add a model")

    monkeypatch.setattr("app.session.text_to_image.picture_side", missing)
    new = NewPicture(p.driver, p.binding, p.results, p.work, p.messages, tuple)
    new.draw("a red house")
    p.wait(begun.is_set)
    p.driver.cancel()
    results, message = p.results.value, p.line_text()
    go.set()
    done: list[object] = []
    p.work.run(lambda ticket: None, done.append, priority=9)
    p.wait(lambda: done)
    assert p.results.value is results
    assert p.line_text() == message
