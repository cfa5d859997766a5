"""The map of the word pointed at: asked for once per caption and picture, dropped when late."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.session.word_attention import WordAttention
from editor.messages import verbatim
from inference.request import jobs
from tests.app.session_cases import CAPTION, Fixture

PLACE = (0.0, 0.0, 300.0, 280.0)


class AttentionFixture(Fixture):
    """A session whose engine answers with maps."""

    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        super().__init__(tmp_path, app)
        session = self.session
        self.attention = WordAttention(session.engine, session.binding, session.model_choices)
        session.changed.connect(self.attention.on_changed)

    @property
    def asked(self) -> list[jobs.AttentionJob]:
        return [job for job in self.engine.submitted if isinstance(job, jobs.AttentionJob)]

    def answer(self) -> None:
        """Maps of the newest job: each word's is filled with its number."""
        job = self.asked[-1]
        words = tuple(job.caption.split())
        maps = np.arange(len(words), dtype=np.uint8)[:, None, None].repeat(4, 1).repeat(5, 2)
        ready = jobs.AttentionReady(job.id, job.caption, words, maps, PLACE)
        self.engine.job_event.emit(ready)
        self.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))

    @property
    def shown(self) -> tuple[str, int] | None:
        """The word whose heat is shown, and the number in its map."""
        found = self.attention.shown
        return None if found is None else (found.word, int(found.heat[0, 0]))


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[AttentionFixture]:
    fixture = AttentionFixture(tmp_path, qapp)
    yield fixture
    fixture.session.close()
    fixture.work.close()


def test_the_maps_of_a_caption_come_once_for_all_its_words(f: AttentionFixture) -> None:
    f.attention.point(CAPTION, 2)
    assert f.shown is None
    f.wait(lambda: f.asked)
    assert f.attention.awaited == "house"
    f.answer()
    assert f.attention.awaited == ""
    assert f.shown == ("house", 2)
    assert f.attention.shown is not None
    assert f.attention.shown.place == PLACE
    f.attention.point(CAPTION, 1)
    assert f.shown == ("red", 1)
    f.attention.point(CAPTION, -1)
    assert f.shown is None
    assert len(f.asked) == 1


def test_an_answer_that_is_late_shows_nothing(f: AttentionFixture) -> None:
    f.attention.point(CAPTION, 2)
    f.wait(lambda: f.asked)
    f.attention.point("", -1)
    f.answer()
    assert f.shown is None
    f.attention.point(CAPTION, 4)  # it is kept all the same
    assert f.shown == ("noon", 4)


def test_another_caption_is_another_question(f: AttentionFixture) -> None:
    f.attention.point(CAPTION, 2)
    f.wait(lambda: f.asked)
    first = f.asked[-1]
    f.attention.point("a red house at night", 4)
    f.wait(lambda: len(f.asked) == 2)
    assert first.id in f.engine.cancelled
    f.answer()
    assert f.shown == ("night", 4)


def test_another_picture_is_another_question(f: AttentionFixture) -> None:
    f.attention.point(CAPTION, 2)
    f.wait(lambda: f.asked)
    f.answer()
    f.run()
    f.keep()
    f.attention.point(CAPTION, 2)
    f.wait(lambda: len(f.asked) == 2)


def test_the_map_goes_with_its_picture(f: AttentionFixture) -> None:
    f.attention.point(CAPTION, 2)
    f.wait(lambda: f.asked)
    f.answer()
    f.run()
    assert f.shown == ("house", 2)
    f.keep()
    f.wait(lambda: f.shown is None)


def test_maps_of_a_picture_that_was_left_are_not_shown_over_the_next(f: AttentionFixture) -> None:
    f.attention.point(CAPTION, 2)
    f.wait(lambda: f.asked)
    f.run()
    f.keep()
    f.attention.point(CAPTION, 2)
    f.answer()
    assert f.shown is None
    f.attention.point(CAPTION, 2)
    assert f.shown is None
    f.wait(lambda: len(f.asked) == 2)
    f.answer()
    assert f.shown == ("house", 2)


def test_a_failure_on_one_picture_says_nothing_of_the_next(f: AttentionFixture) -> None:
    f.attention.point(CAPTION, 2)
    f.wait(lambda: f.asked)
    first = f.asked[-1]
    f.run()
    f.keep()
    f.engine.job_event.emit(jobs.JobFailed(first.id, "out_of_memory", verbatim("No room.")))
    f.attention.point(CAPTION, 2)
    f.wait(lambda: len(f.asked) == 2)


def test_what_gave_way_to_another_job_is_asked_for_again(f: AttentionFixture) -> None:
    f.attention.point(CAPTION, 2)
    f.wait(lambda: f.asked)
    first = f.asked[-1]
    assert first.priority is jobs.Priority.PREVIEW  # an edit does not wait for it
    f.engine.job_event.emit(jobs.JobCancelled(first.id))
    f.wait(lambda: len(f.asked) == 2)
    f.answer()
    assert f.shown == ("house", 2)


def test_what_failed_is_not_asked_again(f: AttentionFixture) -> None:
    f.attention.point(CAPTION, 2)
    f.wait(lambda: f.asked)
    failed = jobs.JobFailed(f.asked[-1].id, "model_damaged", verbatim("Damaged."))
    f.engine.job_event.emit(failed)
    f.attention.point(CAPTION, 1)
    f.attention._timer.timeout.emit()
    assert len(f.asked) == 1
    assert f.attention.awaited == ""
    assert f.session.messages.current is None
