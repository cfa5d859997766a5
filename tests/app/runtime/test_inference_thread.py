from __future__ import annotations

from pathlib import Path

import numpy as np
from pytestqt.qtbot import QtBot

from app.runtime.inference_thread import InferenceThread
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.request.edit_job import EditJob, Until
from inference.request.jobs import (
    EngineReady,
    Event,
    JobCancelled,
    JobFinished,
    Prepared,
)
from tests.waiting import wait_for


def test_jobs_run_and_events_arrive_on_the_ui_thread(qtbot: QtBot, tmp_path: Path) -> None:
    from PySide6.QtCore import QThread

    thread = InferenceThread(tmp_path)
    events: list[Event] = []
    threads: set[object] = set()

    def take(event: Event) -> None:
        events.append(event)
        threads.add(QThread.currentThread())

    thread.job_event.connect(take)
    thread.start()
    try:
        job, dropped = reading("warmer"), reading("cooler")
        thread.submit(job)
        thread.submit(dropped)
        thread.cancel(dropped.id)
        wait_for(lambda: any(isinstance(e, JobFinished) for e in events))
        kinds = [type(e) for e in events if getattr(e, "job_id", "") == job.id]
        assert kinds == [Prepared, JobFinished]
        assert JobCancelled(dropped.id) in events
        assert any(isinstance(e, EngineReady) for e in events)
        assert threads == {qtbot_thread()}
    finally:
        thread.close()
        assert thread.isFinished()
    thread.cancel("late")  # harmless


def reading(words: str) -> EditJob:
    image = Image.from_array(np.zeros((4, 4, 3), np.uint8))
    return EditJob((Instruction(words),), image, until=Until.PREPARED)


def qtbot_thread() -> object:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert app is not None
    return app.thread()


def test_closing_before_the_child_is_up(qtbot: QtBot, tmp_path: Path) -> None:
    thread = InferenceThread(tmp_path)
    thread.start()
    thread.submit(reading("warmer"))
    thread.close()
    assert thread.isFinished()
