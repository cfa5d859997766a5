"""A session without a window, and an engine that says what the test wants."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.session.session import Session
from editor.messages import verbatim
from editor.model.edit import Candidate, EditRequest
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.picture import Picture
from editor.model.score import Score
from editor.storage.document import Document
from inference.request import jobs
from inference.request.analysis import Variant
from inference.request.registry import METHODS
from inference.workflow.plan import announced
from inference.workflow.preparation import Preparation
from tests.waiting import wait_for

CAPTION = "a red house at noon"


class ScriptedEngine(QObject):
    """Answers nothing by itself: a test reads what was submitted and sends the events."""

    job_event = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.submitted: list[Any] = []
        self.cancelled: list[str] = []
        self.searched: list[tuple[Path, ...]] = []
        self.memory_limit: int | None = None
        self.devices_asked = 0
        self.requests: tuple[EditRequest, ...] = ()

    def submit(self, job: Any) -> None:
        self.submitted.append(job)

    def cancel(self, job_id: str) -> None:
        self.cancelled.append(job_id)

    def search_models(self, folders: Sequence[Path]) -> None:
        self.searched.append(tuple(folders))

    def limit_memory(self, nbytes: int | None) -> None:
        self.memory_limit = nbytes

    def find_device(self) -> None:
        self.devices_asked += 1

    def prepare(self, *strengths: float) -> None:
        """The newest job's words are understood, in so many ways."""
        self.understand(Preparation(self.job.instructions[0], **adjusting(*strengths)))

    def understand(self, *found: Preparation) -> None:
        """The newest job says what it found out and plans, as the real engine does."""
        job = self.job
        events, plan = announced(job, found, job.source, job.selection)
        for event in events:
            self.job_event.emit(event)
        if plan is None:
            self.job_event.emit(jobs.JobFinished(job.id, 0.1))
        else:
            self.requests = plan.requests

    def edit(
        self, *, asked: tuple[float, ...] = (), upto: int | None = None, alike: int = 0
    ) -> None:
        """The newest job makes and scores what it planned; its last `alike` repeat its first."""
        job = self.job
        for number, request in enumerate(self.requests[:upto]):
            toned = METHODS[request.method].parametric
            candidate = Candidate(request, Patch(request.settings if toned else ()))
            self.job_event.emit(jobs.CandidateReady(job.id, candidate))
            share = asked[number] if number < len(asked) else 1.0
            repeats = alike and number >= len(self.requests) - alike
            twins = (self.requests[0].key,) if repeats else ()
            score = Score(request.key, asked=share, unasked=0.1, clipped=0.0, alike=twins)
            self.job_event.emit(jobs.ScoreReady(job.id, score))
        if upto is None:
            self.job_event.emit(jobs.JobFinished(job.id, 0.1))

    @property
    def job(self) -> Any:
        """The newest job that edits."""
        return next(job for job in reversed(self.submitted) if isinstance(job, jobs.EditJob))


def adjusting(*strengths: float) -> dict[str, Any]:
    """What `prepare` finds out where tone and colour reads the words in so many ways."""
    variants = tuple(
        Variant(settings_of({"exposure": s}), verbatim(f"Exposure {s}"), (("lightness", 1),))
        for s in strengths
    )
    return {"methods": ("adjust",), "variants": {"adjust": variants}}


def repainting(text: str) -> dict[str, Any]:
    """What `prepare` finds out where a model paints the words."""
    return {
        "methods": ("instruct_pix2pix",),
        "variants": {"instruct_pix2pix": (Variant((), verbatim(text)),)},
    }


class Fixture:
    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        self.app = app
        self.engine = ScriptedEngine()
        self.work = ThreadPool(1)
        self.settings = Settings(tmp_path / "settings.json")
        self.session = Session(self.engine, self.work, self.settings)
        ramp = np.tile(np.arange(300, dtype=np.uint8)[None, :, None] // 2, (280, 1, 3))
        self.document = Document.create(
            Picture.of(Image.from_array(ramp)), label="ramp", state_dir=tmp_path
        )
        self.session.set_document(self.document)

    def wait(self, condition: Any) -> None:
        wait_for(condition)

    def last(self, kind: type) -> Any:
        """The newest job of a kind that was submitted."""
        return next(job for job in reversed(self.engine.submitted) if isinstance(job, kind))

    def run(self, text: str = "brighter", strengths: tuple[float, ...] = (0.5, 1.0)) -> None:
        self.session.edit.run(text)
        self.engine.prepare(*strengths)
        self.engine.edit()

    def keep(self) -> None:
        self.session.keep()
        self.wait(lambda: self.session.image is not None)
