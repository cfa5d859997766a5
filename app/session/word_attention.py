from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app.session.changes import Changes
from app.session.document_binding import DocumentBinding
from app.session.engine_connection import EngineConnection
from app.session.model_choices import ModelChoices
from inference.methods.prompt_to_prompt import INFO as BY_CAPTION
from inference.request import jobs

AFTER_MS = 120
"""How long the pointer rests on a word before the model is asked."""
_KEPT = 6
"""Captions whose maps are kept; those of one have some hundred kilobytes."""


@dataclass(frozen=True, eq=False)
class WordMap:
    """Where a word is seen.

    Attributes:
        word: as written.
        heat: (h, w) `uint8`, 255 where it is attended to most.
        place: left, top, width, height in pixels of the picture.
    """

    word: str
    heat: NDArray[np.uint8]
    place: tuple[float, float, float, float]


class WordAttention(QObject):
    """Where the current picture has the word that is pointed at, as the model sees it.

    The maps of a caption come once for all its words and are kept for the picture.

    Attributes:
        shown: the map of the word pointed at, None while there is none.
        awaited: the word pointed at while its map is on its way, else "".

    Signals:
        changed(): another map, or none.
    """

    changed = Signal()

    def __init__(
        self,
        engine: EngineConnection,
        binding: DocumentBinding,
        models: ModelChoices,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._binding, self._models = engine, binding, models
        self.shown: WordMap | None = None
        self.awaited = ""
        self._wanted = "", -1  # caption, and place of the word in it
        self._picture = ""  # digest of the picture that was open when it was pointed at
        self._known: OrderedDict[tuple[str, str], jobs.AttentionReady] = OrderedDict()
        self._job = ""
        self._asked = "", ""  # picture and caption that the job is about
        self._failed: set[tuple[str, str]] = set()
        self._timer = QTimer(self, singleShot=True, interval=AFTER_MS)
        self._timer.timeout.connect(self._ask)
        engine.job_event.connect(self._on_event)

    def point(self, caption: str, index: int) -> None:
        """The pointer is on a word of a caption, counted from 0; −1 is on none."""
        self._wanted = " ".join(caption.split()), index
        self._picture = self._key()[0]
        self._timer.stop()
        if index < 0:
            self._show(None)
        elif self._key() in self._known:
            self._show_known()
        else:
            self._timer.start()

    def on_changed(self, changes: Changes) -> None:
        """Follow what changed in the session: a map belongs to its picture."""
        if changes & (Changes.HEAD | Changes.PIXELS) and self._key()[0] != self._picture:
            self.point("", -1)

    def _key(self) -> tuple[str, str]:
        image = self._binding.image
        return image.pixel_digest if image is not None else "", self._wanted[0]

    def _ask(self) -> None:
        """The maps of the caption, from the model that edits by captions."""
        image, choices = self._binding.image, self._models
        key = self._key()
        if image is None or key in self._failed or choices.missing(BY_CAPTION.name):
            return
        self.awaited = _word(key[1].split(), self._wanted[1])
        self.changed.emit()
        if self._job and self._asked == key:
            return  # they are on their way
        if self._job:
            self._engine.cancel(self._job)
        job = jobs.AttentionJob(image, key[1], BY_CAPTION.name, choices.for_job())
        self._job, self._asked = job.id, key
        self._engine.submit(job)

    def _on_event(self, event: jobs.Event) -> None:
        if not self._job or event.job_id != self._job:
            return
        match event:
            case jobs.AttentionReady():
                self._known[self._asked] = event
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
                if self._wanted[1] >= 0:
                    self._show_known()
            case jobs.JobFailed():  # nobody asked for it by name, so nothing is said
                self._failed.add(self._asked)
                self._job = ""
                self._show(None)
            case jobs.JobFinished():
                self._job = ""
            case jobs.JobCancelled():  # it gave way to another job, and follows it
                self._job = ""
                if self.awaited:
                    self._timer.start()

    def _show_known(self) -> None:
        found, index = self._known.get(self._key()), self._wanted[1]
        if found is None or index >= len(found.words):
            self._show(None)
        else:
            word = _word(found.words, index)
            self._show(WordMap(word, found.maps[index], found.place))

    def _show(self, found: WordMap | None) -> None:
        if found is None and self.shown is None and not self.awaited:
            return
        self.shown, self.awaited = found, ""
        self.changed.emit()


def _word(words: Sequence[str], index: int) -> str:
    """A word of a caption without the marks behind it; "" for none."""
    return words[index].strip(".,;:") if 0 <= index < len(words) else ""
