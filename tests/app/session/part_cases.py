"""Parts of the session put together without the session, for tests of one part alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QApplication

from app.runtime.thread_pool import ThreadPool
from app.session.changes import Changes
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.edit_driver import EditDriver
from app.session.messages import Messages
from app.session.results import Results, ResultsStage, Slot
from app.session.session import Session
from app.session.suggestion_previews import SuggestionPreviews
from app.session.view_state import ViewState
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.picture import Picture
from editor.model.score import Score
from editor.ranking.rank import rank
from editor.storage.document import Document
from tests.app.session_cases import ScriptedEngine
from tests.waiting import wait_for

WIDTH, HEIGHT = 30, 20


def previews_of(session: Session) -> SuggestionPreviews:
    """Previews of a session's suggestions, as the prompt panel makes them."""
    made = SuggestionPreviews(
        session.engine, session.binding, session.current_results, session.view,
        session.model_choices.for_job, session.method_settings.for_job, session.suggestion_feed,
        session,
    )  # fmt: skip
    session.changed.connect(made.on_changed)
    return made


def picture(level: int = 90) -> Picture:
    return Picture.of(Image.from_array(np.full((HEIGHT, WIDTH, 3), level, np.uint8)))


def request(exposure: float, text: str = "brighter") -> EditRequest:
    settings = (("exposure", exposure),)
    return EditRequest("0" * 32, None, Instruction(text), "adjust", 1, settings)


def slot(exposure: float, *, done: bool = True, text: str = "brighter") -> Slot:
    wanted = request(exposure, text)
    if not done:
        return Slot(wanted)
    score = Score(wanted.key, asked=exposure, unasked=0.1, clipped=0.0)
    return Slot(wanted, candidate=Candidate(wanted, Patch(wanted.settings)), score=score)


def results(*slots: Slot, stage: ResultsStage = ResultsStage.RANKED, **fields: Any) -> Results:
    scores = [one.score for one in slots if one.score is not None]
    ranking = rank(scores)
    wanted = {"job": "job", "parent": "", "instruction": Instruction("brighter"), **fields}
    return Results(**wanted, stage=stage, slots=slots, ranking=ranking)


class Parts:
    """What other parts are built from; `changes` holds what they said, oldest first."""

    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        self.app, self.tmp_path = app, tmp_path
        self.work = ThreadPool(1)
        self.engine = ScriptedEngine()
        self.changes: list[Changes] = []
        self.messages = Messages(self.changes.append)
        self.announced: list[str] = []
        self.messages.announced.connect(self.announced.append)
        self.binding = DocumentBinding(self.work, self.messages, self.changes.append)
        self.results = CurrentResults()
        self.view = ViewState(
            self.results, self.binding.image_of, self.messages, self.changes.append
        )
        self.driver = EditDriver(
            self.engine,
            self.binding,
            self.results,
            self.view,
            self.messages,
            self.changes.append,
            tuple,
            tuple,
        )

    def open(self) -> Document:
        """Bind a new document of one idea."""
        document = Document.create(picture(), label="grey", state_dir=self.tmp_path)
        self.binding.bind(document)
        return document

    def wait(self, condition: Any) -> None:
        wait_for(condition)

    def line_text(self) -> str:
        """The text on the message line."""
        return self.messages.current.text if self.messages.current is not None else ""

    def close(self) -> None:
        self.driver.cancel()
        self.binding.close()
        self.work.close()
