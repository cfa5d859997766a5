from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app.i18n.messages import text_of
from app.i18n.reasons import reason_text
from app.i18n.texts import tr
from app.session.changes import Changes
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.edit_commands import carry_out
from app.session.edit_driver import EditDriver
from app.session.engine_connection import EngineConnection
from app.session.method_settings import MethodSettings
from app.session.model_choices import ModelChoices
from app.session.view_state import ViewState
from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from editor.ranking.rank import rank
from inference.request import jobs
from inference.request.edit_job import EditJob, Quality, Until
from inference.request.job_id import Priority
from inference.request.registry import METHODS, MethodInfo
from inference.workflow.edit_run import Begin, Cancel, EditRun, Input, Rank

SIDE: Final = 5
"""Cells of the pad along each side."""

FOLLOW: Final = "guidance_scale"
KEEP: Final = "image_guidance_scale"
_STEPS: Final = {FOLLOW: 1 / 3, KEEP: 1 / 6}
"""From one cell to the next, as a share of the default, which lies in the middle."""

AFTER_MS: Final = 600
"""How long after the last key the previews follow the words."""

Cell = tuple[int, int]
"""Column (keep) and row (follow), counted from the least."""


def has_pad(info: MethodInfo) -> bool:
    """Whether a method is guided by words and by picture (Brooks et al. 2023, eq. 3)."""
    return info.has(FOLLOW) and info.has(KEEP)


class GuidancePad(QObject):
    """Quick previews of one instruction over both guidance scales, the nearest to a point first.

    Each preview is an `EditJob` of one candidate at the lowest priority: any edit ends it at once.
    Nothing of it is stored.

    Attributes:
        follow, keep: the point: text and image guidance scale.
        problem: why there are no previews, "" for nothing.

    Signals:
        changed(): the point, a preview, or why there is none.
    """

    changed = Signal()

    def __init__(
        self,
        driver: EditDriver,
        engine: EngineConnection,
        binding: DocumentBinding,
        results: CurrentResults,
        view: ViewState,
        models: ModelChoices,
        settings: MethodSettings,
        words: Callable[[], Instruction],
        parent: QObject | None = None,
    ) -> None:
        """`words()`: those in the box, with the captions that are known."""
        super().__init__(parent)
        self._driver, self._engine, self._binding, self._results = driver, engine, binding, results
        self._view, self._models, self._settings, self._words = view, models, settings, words
        self._info: MethodInfo | None = None
        self._instruction = Instruction("")
        self._made: dict[Cell, Candidate] = {}
        self._pictures: dict[Cell, NDArray[np.uint8]] = {}
        self._short: dict[Cell, str] = {}
        self._of: tuple[object, ...] = ()  # what all previews have in common
        self._run = EditRun()
        self._cell: Cell | None = None
        self._shows = False
        self._live: Candidate | None = None  # what it put on the canvas
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._go_on)
        self.follow = self.keep = 0.0
        self.problem = ""
        engine.job_event.connect(self._on_event)
        models.changed.connect(self._go_on)

    # --- what is there --------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """True while previews are made or shown."""
        return self._info is not None

    @property
    def ready(self) -> int:
        """How many previews are there."""
        return len(self._made)

    def picture(self, cell: Cell) -> NDArray[np.uint8] | None:
        """A small picture of a finished cell, (h, w, 3) `uint8`; None before."""
        return self._pictures.get(cell) if cell in self._made else None

    def short_of(self, cell: Cell) -> str:
        """Which bar a finished cell does not reach, in words; "" for one that reaches all."""
        return self._short.get(cell, "")

    def values(self, cell: Cell) -> tuple[float, float]:
        """Text and image guidance scale of a cell."""
        column, row = cell
        return self.value(FOLLOW, row), self.value(KEEP, column)

    def value(self, name: str, place: float) -> float:
        """A scale at a place of the pad, 0 to 4 cells from its least."""
        assert self._info is not None
        return self.within(name, self.default(name) * (1 + (place - SIDE // 2) * _STEPS[name]))

    def within(self, name: str, value: float) -> float:
        """A scale within what its setting takes."""
        assert self._info is not None
        setting = self._info.setting(name)
        return round(min(max(value, setting.minimum), setting.maximum), 4)

    def place(self, name: str, value: float) -> float:
        """Where a value lies, in cells from the least; values beyond lie on the edge."""
        place = (value / self.default(name) - 1) / _STEPS[name] + SIDE // 2
        return round(min(max(place, 0.0), SIDE - 1.0), 4)

    @property
    def point(self) -> tuple[float, float]:
        """Place of the point: column and row, 0 to 4."""
        return self.place(KEEP, self.keep), self.place(FOLLOW, self.follow)

    def nearest(self) -> Cell | None:
        """The finished cell nearest to the point."""
        return min(self._made, key=self._away, default=None)

    def default(self, name: str) -> float:
        """The scale that the model, else the method, has where nothing is set."""
        assert self._info is not None
        return float(self._settings.default(self._info.name, name))

    def _away(self, cell: Cell) -> tuple[float, Cell]:
        column, row = self.point
        return (cell[0] - column) ** 2 + (cell[1] - row) ** 2, cell

    # --- open, move, close ----------------------------------------------------------------------

    def open(self, method: str) -> None:
        """Make previews by a method that has both scales, from what is set for it."""
        if self._info is not None and self._info.name != method:
            self._forget()
        self._info = METHODS[method]
        self._take_point()
        self._shows = self._view.looked_at is None
        self._go_on()

    def close(self) -> None:
        """No more previews; the canvas shows the picture again."""
        if self._info is None:
            return
        self._timer.stop()
        self._forget()
        self._info = None

    def move(self, follow: float, keep: float) -> None:
        """Another point: what is being made goes on only where it is still the nearest."""
        self.follow, self.keep = follow, keep
        self._shows = True
        self._go_on()

    def settle(self) -> None:
        """Keep the point as the settings of the method."""
        info, settings = self._info, self._settings
        # The first one set comes back through `follow_settings` before the second is.
        point = {FOLLOW: round(self.follow, 2), KEEP: round(self.keep, 2)}
        for name, value in point.items():
            if info is not None:
                settings.set(info.name, name, value)

    def follow_settings(self, method: str) -> None:
        """What is set for the method is something else now."""
        if self._info is None or method != self._info.name:
            return
        before = self.follow, self.keep
        self._take_point()
        self._shows = self._shows or before != (self.follow, self.keep)
        self._go_on()

    def follow_words(self) -> None:
        """The words in the box are others; previews follow once nobody types."""
        if self._info is not None:
            self._timer.start()

    def _take_point(self) -> None:
        info = self._info
        assert info is not None
        self.follow = float(self._settings.value(info.name, FOLLOW))
        self.keep = float(self._settings.value(info.name, KEEP))

    def _forget(self) -> None:
        self._step(Cancel())
        self._cell = None
        self._made.clear()
        self._pictures.clear()
        self._short.clear()
        self._of = ()
        if self._live is not None and self._view.live is self._live:
            self._view.set_live(None)
        self._live = None

    # --- making ---------------------------------------------------------------------------------

    def _go_on(self) -> None:
        """Make the nearest preview that is missing; show the nearest that is there."""
        image, info = self._binding.image, self._info
        words = self._words()
        if info is None:
            return
        self.problem = ""
        if self._results.is_busy or image is None:
            self._stop()
        elif not words.text:
            self._forget()
            self.problem = tr("Say what should change, then it is previewed here.")
        elif self._models.missing(info.name):
            self._forget()
            self.problem = tr("Previews need a model for this method.")
        else:
            self._make_next(image, info, words)
        self._show_nearest()
        self.changed.emit()

    def _make_next(self, image: Image, info: MethodInfo, words: Instruction) -> None:
        selection, options = self._view.selection, self._settings.options(info.name)
        others = tuple(pair for pair in options.settings if pair[0] not in _STEPS)
        of = (
            image.pixel_digest, selection.digest if selection else "", words.text,
            replace(options, settings=others), self._models.for_job(), self._driver.seed,
        )  # fmt: skip
        if of != self._of:
            self._forget()
            self._of, self._instruction = of, words
        every = [(column, row) for column in range(SIDE) for row in range(SIDE)]
        missing = [cell for cell in every if cell not in self._made]
        target = min(missing, key=self._away, default=None)
        if target == self._cell or self._cell in self._made:
            return  # of a finished one the score is on its way
        self._step(Cancel())
        self._cell = target
        if target is not None:
            self._run = EditRun()
            self._step(Begin(self._job(image, info, target)))

    def _job(self, image: Image, info: MethodInfo, cell: Cell) -> EditJob:
        follow, keep = self.values(cell)
        return EditJob(
            (self._instruction,),
            image,
            self._view.selection,
            methods=(info.name,),
            count=1,
            seed=self._driver.seed,
            quality=Quality.PREVIEW,
            options=self._settings.for_job(),
            settings=((FOLLOW, follow), (KEEP, keep)),
            until=Until.SCORED,
            describe=not self._instruction.target_prompt,
            ask=False,
            models=self._models.for_job(),
            domain_picture=self._binding.domain_picture,
            priority=Priority.PREVIEW,
        )

    def _stop(self) -> None:
        self._step(Cancel())
        self._cell = None

    def _show_nearest(self) -> None:
        cell = self.nearest()
        if self._shows and cell is not None and not self._results.is_busy:
            follow, keep = self.values(cell)
            title = tr("Follow {0}, keep {1}. Run makes it at full quality")
            self._live = self._made[cell]
            self._view.set_live(self._live, title.format(f"{follow:.1f}", f"{keep:.2f}"))

    # --- events ---------------------------------------------------------------------------------

    def _on_event(self, event: jobs.Event) -> None:
        if self._cell is not None:
            self._step(event)

    def _step(self, event: Input) -> None:
        self._run, commands = self._run.step(event)
        carry_out(commands, self._engine, show=self._show, rank=self._judge)

    def _judge(self, command: Rank) -> None:
        """A preview is finished: whether it reaches the bar; then the next one."""
        place = next(iter(rank(command.scores).places), None)
        if self._cell is not None and place is not None and not place.passed:
            self._short[self._cell] = reason_text(place) or tr("Below your bar")
        self._cell = None
        self._go_on()

    def _show(self, event: Input) -> None:
        cell = self._cell
        if cell is None:
            return
        match event:
            case jobs.Prepared():
                # Captions that were found for one cell serve all.
                self._instruction = replace(event.instruction, text=self._instruction.text)
            case jobs.Preview():
                self._pictures[cell] = event.pixels
            case jobs.CandidateReady():
                self._made[cell] = event.candidate
                self._show_nearest()
                self.changed.emit()
            case jobs.JobFailed():
                self._cell = None
                self.problem = text_of(event.message)
                self.changed.emit()
            case jobs.JobFinished():
                self._cell = None  # a method that made nothing
            case jobs.JobCancelled():
                # It gave way to another job, and goes on behind that one; so does its score.
                self._made.pop(cell, None)
                self._cell = None
                self._go_on()

    def on_changed(self, changes: Changes) -> None:
        """Follow what changed in the session."""
        if self._info is None:
            return
        if changes & Changes.LOOK and self._view.looked_at is not None:
            self._shows = False  # a result is looked at; the pad does not push it away
        if changes & (Changes.JOB | Changes.HEAD | Changes.PIXELS | Changes.SELECTION):
            self._go_on()
