from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from app.i18n.texts import tr
from app.runtime.thread_pool import ThreadPool, Ticket
from app.session.changes import Changes, MessageKind, StatusMessage
from app.session.current_results import CurrentResults
from app.session.engine_connection import EngineConnection
from app.session.job_messages import failure_message
from app.session.model_need import show_models
from app.session.story_frame import (
    SheetCell,
    StoryFrame,
    cells_of,
    frame_of,
    frames_of,
)
from app.session.story_look import StoryLook
from app.session.text_to_image import blank_paper, picture_side
from editor.english.concepts import Concept
from editor.english.sentences import sentences
from editor.errors import ExpectedError
from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from inference.methods.generate import INFO as GENERATE
from inference.request import jobs
from inference.request.edit_job import EditJob, Quality, Until
from inference.request.model_choice import ModelChoice

EACH: Final = 4
"""Prompts of a concept that are shown, and asked for."""

_NAMED: Final = 3
"""Words that a note names."""


class ConceptSheet(QObject):
    """From a word or a text to pictures: concepts, prompts about them, a quick picture of each.

    Pictures are drawn one by one at the lowest priority while the sheet is looked at; any edit
    goes first. Nothing of it is stored.

    Attributes:
        text, name: what the concepts are of, and the name of its file; "" for none.
        frames: the concepts, moments of a story first.
        balance: 0 faithful .. 1 polished.
        is_story: one picture a concept in the order of the text, else four prompts a concept.
        look: what all pictures of a story have in common.
        chosen: text of the prompt whose picture is chosen, "" for none.
        problem: why there are no prompts or pictures, None for nothing.
        is_reading: the text is being read.

    Signals:
        changed(): any of these, or a picture.
    """

    changed = Signal()

    def __init__(
        self,
        engine: EngineConnection,
        results: CurrentResults,
        work: ThreadPool,
        models: Callable[[], tuple[ModelChoice, ...]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._results, self._work, self._models = engine, results, work, models
        self.text = self.name = self.chosen = ""
        self.frames: tuple[StoryFrame, ...] = ()
        self.balance = 0.5
        self.is_story = False
        self.look = StoryLook()
        self.problem: StatusMessage | None = None
        self._shown = False
        self._seed = 0
        self._paper: Image | None = None
        self._drawn: dict[str, Candidate] = {}
        self._previews: dict[str, NDArray[np.uint8]] = {}
        self._failed: dict[str, str] = {}
        self._writing = ""  # id of the job that writes prompts
        self._drawing: EditJob | None = None
        self._reading = Ticket()
        self.is_reading = False
        engine.job_event.connect(self._on_event)

    # --- what is there --------------------------------------------------------------------------

    @property
    def cells(self) -> tuple[SheetCell, ...]:
        """The pictures of the sheet, in their order."""
        return cells_of(
            self.frames, self.balance, self._drawn, self._previews, self._failed,
            story=self.is_story, each=EACH, look=self.look,
        )  # fmt: skip

    @property
    def chosen_cell(self) -> SheetCell | None:
        """The picture that is chosen."""
        return next((one for one in self.cells if one.prompt.prompt == self.chosen), None)

    @property
    def paper(self) -> Image | None:
        """What the pictures are drawn on; None before the first one."""
        return self._paper

    @property
    def is_busy(self) -> bool:
        """Prompts are being written or a picture is being drawn."""
        return bool(self._writing) or self._drawing is not None

    @property
    def note(self) -> StatusMessage | None:
        """Why there is less than could be: the problem, or what the models cannot know."""
        frames = [one for one in self.frames if one.ticked and one.unknown]
        unknown = dict.fromkeys(thing for one in frames for thing in one.unknown)
        if self.problem is not None or not unknown:
            return self.problem
        words = ", ".join(f"“{one}”" for one in [*unknown][:_NAMED])
        words += "…" if len(unknown) > _NAMED else ""
        if all(len(one.prompts) > 1 for one in frames):  # written by a model that knows more words
            text = tr("The model that draws cannot know {0}. Its pictures of that mean nothing.")
            add = tr("Add a model"), show_models("text_to_image")
        else:
            text = tr("The starter models cannot draw {0}. Such ideas keep their own words.")
            add = tr("Add a model"), show_models("chat")
        return StatusMessage(MessageKind.NOTICE, text.format(words), *add)

    # --- what is asked --------------------------------------------------------------------------

    def begin(self, text: str, name: str = "") -> None:
        """Find the concepts of a text, off the UI thread; prompts and pictures follow."""
        self._stop()
        self._reading.cancel()
        self.text, self.name, self.chosen, self.problem = text, name, "", None
        self.frames, self._drawn, self._previews, self._failed = (), {}, {}, {}
        self.look = replace(self.look, same="")  # it was a thing of the other text
        self.is_reading = True
        self.changed.emit()
        self._reading = self._work.run(
            lambda ticket: frames_of(text), self._take_frames, priority=2
        )

    def add(self, words: str) -> None:
        """Make a concept of words, as they are marked in the text."""
        words = " ".join(words.split())
        if not words or any(one.concept.text == words for one in self.frames):
            return
        concept = Concept(words, "phrase", 1, None)
        frame = frame_of(concept, sentences(self.text), ticked=True)
        self.frames = (*self.frames, frame)
        self._write()

    def tick(self, concept: str, on: bool) -> None:
        """Draw a concept, or leave it out."""
        self.frames = tuple(
            replace(one, ticked=on) if one.concept.text == concept else one for one in self.frames
        )
        self._write()

    def set_balance(self, balance: float) -> None:
        """Between faithful, 0, and polished, 1."""
        self.balance = balance
        self._go_on()

    def set_story(self, on: bool) -> None:
        """A storyboard, or the prompts of each concept."""
        self.is_story = on
        self._go_on()

    @property
    def things(self) -> tuple[str, ...]:
        """What may stay the same in all pictures of a story: things that the text describes."""
        named = (f.concept.text for f in self.frames if f.concept.kind == "phrase")
        return tuple(one for one in named if " " in one)

    def set_look(self, look: StoryLook) -> None:
        """What all pictures of a story have in common; those of another look are kept."""
        cell, self.look = self.chosen_cell, look
        if cell is not None and self.is_story:
            self.chosen = cell.frame.told(self.balance, look).prompt
        self._go_on()

    def lock(self, on: bool) -> None:
        """Whether the chosen picture of a storyboard stays as it is."""
        cell = self.chosen_cell
        if cell is not None and self.is_story:
            self._put(cell.frame, replace(cell.frame, locked=cell.prompt.prompt if on else ""))

    def set_words(self, concept: str, words: str) -> None:
        """Draw a moment of a storyboard from words of one's own; "" for those of the text."""
        words = " ".join(words.split())
        frame = next((one for one in self.frames if one.concept.text == concept), None)
        if frame is not None and words != frame.told(self.balance, self.look).prompt:
            self._put(frame, replace(frame, words=words, locked=""))

    def on_models_changed(self) -> None:
        """Ask again where a language model was missing, or did not know the words."""
        self.frames = tuple(replace(one, unknown=()) for one in self.frames)
        self.problem = None
        self._write()

    def choose(self, prompt: str) -> None:
        """Choose a picture by its prompt."""
        self.chosen = prompt
        self.changed.emit()

    def another(self) -> None:
        """Another prompt for the chosen frame; where there is none, another picture of it."""
        cell = self.chosen_cell
        if cell is None or (self.is_story and cell.frame.locked):
            return
        frame = replace(cell.frame, turn=cell.frame.turn + 1)
        if self.is_story and len(frame.prompts) > 1 and not frame.words:
            self._put(cell.frame, frame)
            return
        self._seed += 1
        self._drawn.pop(cell.prompt.prompt, None)
        self._failed.pop(cell.prompt.prompt, None)
        self._go_on()

    def show(self, on: bool) -> None:
        """Whether the sheet is looked at: pictures are drawn only then."""
        self._shown = on
        if on:
            self._go_on()
        else:
            self._stop()

    def on_changed(self, changes: Changes) -> None:
        """Follow the session: an edit goes first."""
        if changes & Changes.JOB and self._shown:
            self._go_on()

    # --- concepts and prompts -------------------------------------------------------------------

    def _take_frames(self, frames: tuple[StoryFrame, ...]) -> None:
        self.frames, self.is_reading = frames, False
        self.is_story = len([one for one in frames if one.concept.kind == "sentence"]) > 1
        self._write()

    def _put(self, old: StoryFrame, new: StoryFrame) -> None:
        """A frame of the storyboard in the place of another; its picture is the chosen one."""
        self.frames = tuple(new if one is old else one for one in self.frames)
        self.chosen = new.told(self.balance, self.look).prompt
        self._go_on()

    def _tell(self, problem: StatusMessage) -> None:
        self.problem = problem
        self.changed.emit()

    def _write(self) -> None:
        """Have prompts written about the ticked concepts that have only their own words."""
        missing = tuple(
            one.concept.text
            for one in self.frames
            if one.ticked and len(one.prompts) == 1 and not one.unknown
        )
        if self._writing:
            self._engine.cancel(self._writing)
            self._writing = ""
        if missing and self.problem is None:
            job = jobs.ConceptJob(missing, EACH)
            self._writing = job.id
            self._engine.submit(job)
        self._go_on()

    def _on_event(self, event: jobs.Event) -> None:
        if event.job_id and event.job_id == self._writing:
            self._on_written(event)
        elif self._drawing is not None and event.job_id == self._drawing.id:
            self._on_drawn(event, self._drawing.instructions[0].target_prompt)

    def _on_written(self, event: jobs.Event) -> None:
        match event:
            case jobs.ConceptPromptsReady():
                self.frames = tuple(
                    replace(one, prompts=(*one.prompts, *event.prompts), unknown=event.unknown)
                    if one.concept.text == event.concept
                    else one
                    for one in self.frames
                )
                self._go_on()
            case jobs.JobFailed():
                self._writing = ""
                problem = failure_message(event)
                if event.kind == "writes_no_prompts":
                    add = tr("Add a model"), show_models("chat")
                    problem = replace(problem, button=add[0], action=add[1])
                self._tell(problem)
                self._go_on()  # their own words can be drawn
            case jobs.JobFinished() | jobs.JobCancelled():
                self._writing = ""
                self._go_on()

    # --- pictures -------------------------------------------------------------------------------

    def _stop(self) -> None:
        if self._drawing is not None:
            self._engine.cancel(self._drawing.id)
            self._drawing = None

    def _go_on(self) -> None:
        """Draw the first picture that is missing, once the prompts are written."""
        self.changed.emit()
        if self._results.is_busy:
            self._stop()
        elif self._shown and not self._writing and self._drawing is None and self._next():
            self._work.run(
                lambda ticket: picture_side(self._models(), ticket), self._draw, self._no_model, 2
            )

    def _next(self) -> str:
        """The first prompt without a picture; "" for none."""
        waiting = (one for one in self.cells if one.drawn is None and not one.failed)
        return next((one.prompt.prompt for one in waiting), "")

    def _no_model(self, error: BaseException) -> None:
        if not isinstance(error, ExpectedError):
            raise error
        text = tr("Drawing needs a model that draws pictures from words.")
        add = tr("Add a model"), show_models("text_to_image")
        self._tell(StatusMessage(MessageKind.ERROR, text, *add))

    def _draw(self, side: int) -> None:
        prompt = self._next()
        if self._drawing is not None or self._results.is_busy or not prompt or not self._shown:
            return
        if self._paper is None or self._paper.width != side:
            self._paper = blank_paper(side)
        self._drawing = EditJob(
            (Instruction(prompt, target_prompt=prompt),),
            self._paper,
            methods=(GENERATE.name,),
            count=1,
            seed=self._seed,
            quality=Quality.PREVIEW,
            until=Until.EDITED,
            ask=False,
            models=self._models(),
            priority=jobs.Priority.PREVIEW,
        )
        self._engine.submit(self._drawing)

    def _on_drawn(self, event: jobs.Event, prompt: str) -> None:
        match event:
            case jobs.Preview():
                self._previews[prompt] = event.pixels
                self.changed.emit()
            case jobs.CandidateReady():
                self._drawn[prompt] = event.candidate
                self._previews.pop(prompt, None)
                self.chosen = self.chosen or prompt
                self.changed.emit()
            case jobs.JobFailed():
                self._drawing = None
                self._failed[prompt] = failure_message(event).text
                self._go_on()
            case jobs.JobFinished():
                self._drawing = None
                if prompt not in self._drawn:
                    self._failed[prompt] = tr("This could not be drawn")
                self._go_on()
            case jobs.JobCancelled():  # it gave way to another job, and goes on behind that one
                self._drawing = None
                self._go_on()
