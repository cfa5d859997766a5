from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.runtime.inference_thread import InferenceThread
from editor.model.edit import Instruction
from inference.request.jobs import (
    EngineReady,
    Event,
    InstructionReady,
    JobCancelled,
    JobFinished,
    PrepareJob,
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
        job, dropped = PrepareJob(Instruction("warmer")), PrepareJob(Instruction("cooler"))
        thread.submit(job)
        thread.submit(dropped)
        thread.cancel(dropped.id)
        wait_for(lambda: any(isinstance(e, JobFinished) for e in events))
        kinds = [type(e) for e in events if getattr(e, "job_id", "") == job.id]
        assert kinds == [InstructionReady, JobFinished]
        assert JobCancelled(dropped.id) in events
        assert any(isinstance(e, EngineReady) for e in events)
        assert threads == {qtbot_thread()}
    finally:
        thread.close()
        assert thread.isFinished()
    thread.cancel("late")  # harmless


def qtbot_thread() -> object:
    from PySide6.QtWidgets import QApplication

    app = QApplication.instance()
    assert app is not None
    return app.thread()


def test_closing_before_the_child_is_up(qtbot: QtBot, tmp_path: Path) -> None:
    thread = InferenceThread(tmp_path)
    thread.start()
    thread.submit(PrepareJob(Instruction("warmer")))
    thread.close()
    assert thread.isFinished()
