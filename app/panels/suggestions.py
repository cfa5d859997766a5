from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QWidget

from app.changes import Changes
from app.live import Live
from app.panels.wording import suggestion_spans, tr
from app.retrying import FURTHER, KEEP, METHOD, Retry
from app.said import said
from app.session import Session
from app.settings import Settings
from app.suggesting import Suggesting
from app.theme import look
from app.widgets.answers import AnswerRow
from app.widgets.buttons import PushButton, Switch
from app.widgets.chips import ChipData, ChipRow
from app.widgets.diff import plain
from app.widgets.labels import QuietLabel
from editor.edit import Suggestion
from inference.registry import METHODS

_RETRY = "retry:"


class SuggestionsRow(QWidget):
    """Over the prompt box: what could be said next, or answers; Explore and Live.

    Signals:
        taken(str), run_asked(str), left(): as in `ChipRow`.
        explore_asked()
        live_switched(bool)
        retried(): the same words run again in another way.
    """

    taken = Signal(str)
    run_asked = Signal(str)
    left = Signal()
    explore_asked = Signal()
    live_switched = Signal(bool)
    retried = Signal()

    def __init__(
        self, session: Session, settings: Settings, live: Live, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self._retries: tuple[Retry, ...] = ()
        self.suggesting = Suggesting(session, self)
        self.chips = ChipRow(tr("Try next"), self)
        self.answers = AnswerRow(self)
        self.pages = QStackedWidget(self)
        self.pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        room = self.pages.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.pages.setSizePolicy(room)
        self.pages.addWidget(self.chips)
        self.pages.addWidget(self.answers)
        self.explore = PushButton(tr("Explore"), self, icon_name="layout-grid", height=30)
        self.explore.setObjectName("explore")
        self._live_name = QuietLabel(tr("Live"), self, size=12)
        self.live = Switch(tr("Live: show on the canvas what the words would do"), self)
        self.live.setObjectName("live")
        self.live.setChecked(live.enabled)
        self._asked = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(look().px(8))
        row.addWidget(self.pages, 1)
        for widget in (self.explore, self._live_name, self.live):
            row.addWidget(widget)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._connect()
        self.set_narrow(False)
        self.refresh_chips()

    def _connect(self) -> None:
        self.chips.taken.connect(lambda words: self._take(words, self.taken))
        self.chips.run_asked.connect(lambda words: self._take(words, self.run_asked))
        self.chips.left.connect(self.left)
        self.chips.refused.connect(self.suggesting.refuse)
        self.chips.pin_asked.connect(self.suggesting.pin)
        self.chips.refresh_asked.connect(self.suggesting.others)
        self.answers.answered.connect(self._session.answer)
        self.explore.clicked.connect(self.explore_asked)
        self.live.toggled.connect(self.live_switched)
        self.suggesting.ready.connect(self.refresh_chips)
        self.suggesting.waiting.connect(self.chips.set_waiting)
        self._session.changed.connect(self._on_changed)

    def set_narrow(self, narrow: bool) -> None:
        """Explore as its icon in windows with less room."""
        self.explore.set_content("" if narrow else tr("Explore"))
        self.explore.explain(
            tr("Explore: each suggestion as a picture, side by side"), tr("Ctrl Shift Enter")
        )

    def refresh_chips(self) -> None:
        """All chips together, so that the row changes once."""
        found = self.suggesting.shown
        chips = [chip_of(s, pinned=s.text in self.suggesting.pinned) for s in found]
        self.chips.set_chips([*map(retry_chip, self._retries), *chips])
        self._say_explore()

    def _take(self, chip: str, otherwise: SignalInstance) -> None:
        """A suggestion goes on to the box; a way to try again is taken at once."""
        kind = chip.removeprefix(_RETRY)
        if kind == chip:
            otherwise.emit(chip)
            return
        self._session.retry(kind, count=int(self._settings["count"]))
        self.retried.emit()

    def _say_explore(self) -> None:
        why = ""
        if self._session.document is None:
            why = tr("Open a picture first.")
        elif not self.suggesting.shown and self.suggesting.is_current:
            why = tr("There are no suggestions yet.")
        self.explore.setEnabled(not why and not self._session.is_busy)
        name = tr("Explore: each suggestion as a picture, side by side")
        self.explore.explain(name, tr("Ctrl Shift Enter"), why)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.RESULTS | Changes.JOB | Changes.DOCUMENT):
            retries = self._session.retries
            if retries != self._retries:
                self._retries = retries
                self.refresh_chips()
        if not changes & (Changes.JOB | Changes.DOCUMENT | Changes.MESSAGE):
            return
        question = self._session.question
        if question is None:
            self._asked = ""
            self.pages.setCurrentWidget(self.chips)
        elif question.text + repr(question.answers) != self._asked:
            self._asked = question.text + repr(question.answers)
            self.answers.set_answers(question.answers)
            self.pages.setCurrentWidget(self.answers)
        self.pages.setVisible(self._session.document is not None)
        self._say_explore()


def retry_chip(retry: Retry) -> ChipData:
    """What may do better where nothing reached the artist's bar, as a chip that runs at once."""
    name, reason = {
        FURTHER: (tr("Go further"), tr("The same words, followed more boldly.")),
        KEEP: (tr("Keep more of the picture"), tr("The same words, holding on to the picture.")),
        METHOD: (tr("Try another method"), ""),
    }[retry.kind]
    if retry.kind == METHOD:
        reason = tr("The same words by {0}.").format(tr(METHODS[retry.methods[0]].title))
    return ChipData(f"{_RETRY}{retry.kind}", plain(name), reason, fixed=True)


def chip_of(suggestion: Suggestion, *, pinned: bool = False) -> ChipData:
    """A suggestion as a chip: what it changes; its words and reason in the tooltip."""
    words = suggestion.text if suggestion.edit.changes else ""
    reason = said(suggestion.reason)
    if words:
        reason = tr("“{0}”. {1}").format(words, reason)
    return ChipData(suggestion.text, suggestion_spans(suggestion), reason, pinned)
