from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.changes import Changes, MessageKind
from app.panels.wording import tr
from app.results import Stage
from app.session import Session
from app.settings import Settings
from app.theme import ROW_PADDING
from app.widgets.chips import ChipData, ChipRow
from app.widgets.choice import Choice
from app.widgets.diff import plain
from app.widgets.message import Message as Line
from app.widgets.prompt import PromptBox
from editor.errors import NotUnderstood, SelectionNeeded
from inference.registry import METHODS

READ_AFTER_MS = 400
"""How long after the last key "Read as" follows."""


class PromptPanel(QWidget):
    """Chips, the prompt box and its one line of messages.

    Signals:
        action_asked(str): id of the action behind a message's button.
        run_done(): focus goes to the canvas, so 1-9, C and Enter work right after Run.
    """

    action_asked = Signal(str)
    run_done = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._settings = settings
        self._earlier: list[str] = []
        self._place = 0
        self._chip_page = 0
        self._document = session.document
        self._typed_words = ""
        self.setObjectName("prompt-dock")
        self.chips = ChipRow(tr("Try one"), self)
        self.box = PromptBox(self)
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(ROW_PADDING, 10, ROW_PADDING, 12)
        column.setSpacing(7)
        column.addWidget(self.chips)
        column.addWidget(self.box)
        self._reading = QTimer(self, singleShot=True, interval=READ_AFTER_MS)
        self._reading.timeout.connect(self._read)
        self.set_narrow(False)
        self._fill_methods()
        self.box.count.set_current(str(settings["count"]))
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        box, session = self.box, self._session
        box.text_changed.connect(self._typed)
        box.run_asked.connect(lambda _: self.run())
        box.again_asked.connect(self.again)
        box.cancel_asked.connect(session.cancel)
        box.up_asked.connect(self._to_chips)
        box.earlier_asked.connect(self.recall)
        box.count_chosen.connect(lambda n: self._settings.set("count", n))
        box.method_chosen.connect(lambda m: self._settings.set("method", m))
        box.button_clicked.connect(self.action_asked)
        box.selection_cleared.connect(lambda: session.set_selection(None))
        box.selection_clicked.connect(lambda: self.action_asked.emit("select_feather"))
        self.chips.taken.connect(self.fill)
        self.chips.run_asked.connect(self._take_and_run)
        self.chips.refused.connect(self._refuse)
        self.chips.refresh_asked.connect(self._other_chips)
        self.chips.left.connect(self.focus_prompt)
        session.changed.connect(self._on_changed)

    def set_narrow(self, narrow: bool) -> None:
        """Fewer words in windows with less room."""
        self.box.set_compact(narrow)
        example = tr("warmer") if narrow else tr("warmer, and lift the shadows a little")
        self.box.set_hint(tr("Say what should change: “{0}”").format(example))

    def set_small(self, *, low: bool, thin: bool) -> None:
        """In small windows chips open from the box with ↑, and the box folds; see `PromptBox`."""
        self.chips.setVisible(not (low or thin))
        self.box.set_folded(one_line=low or thin, tight=thin)
        margin = 6 if low else 12
        self._column.setContentsMargins(ROW_PADDING, margin if low else 10, ROW_PADDING, margin)
        if thin:
            self.box.set_hint(tr("Say what should change"))

    def _to_chips(self) -> None:
        if self.chips.isVisible():
            self.chips.focus_first()
        else:
            self.chips.open_above(self.box)

    def load_words(self) -> None:
        """Load the vocabulary off the UI thread, then fill the chips."""
        self._session.work.run(
            lambda ticket: import_module("editor.words"), lambda _: self.refresh_chips()
        )

    # --- doing ------------------------------------------------------------------------------

    def run(self) -> None:
        """Run what stands in the box."""
        text = self.box.text.strip()
        if not text:
            return
        if not self._earlier or self._earlier[-1] != text:
            self._earlier.append(text)
        self._place = len(self._earlier)
        self._session.run(text, methods=self._methods(), count=self._settings["count"])
        self.run_done.emit()

    def again(self) -> None:
        """The same words with new seeds or other strengths."""
        self._session.run_again(self._settings["count"])
        self.run_done.emit()

    def fill(self, words: str) -> None:
        """Put words into the box, selected, so that typing replaces them."""
        self.box.set_text(words, select=True)
        self.focus_prompt()

    def _take_and_run(self, words: str) -> None:
        self.fill(words)
        self.run()

    def focus_prompt(self) -> None:
        """Put the caret into the box."""
        self.box.edit.setFocus()

    def recall(self, step: int) -> None:
        """Earlier (−1) and later (+1) words."""
        place = min(max(self._place + step, 0), len(self._earlier))
        if self._place == len(self._earlier):
            self._typed_words = self.box.text
        self._place = place
        latest = place >= len(self._earlier)
        self.box.set_text(self._typed_words if latest else self._earlier[place])

    def set_earlier(self, words: Sequence[str]) -> None:
        """The instructions of a document that was opened."""
        self._earlier = list(words)
        self._place = len(self._earlier)

    def _methods(self) -> tuple[str, ...]:
        chosen = str(self._settings["method"])
        return () if chosen == "auto" or chosen not in METHODS else (chosen,)

    # --- showing ----------------------------------------------------------------------------

    def _fill_methods(self) -> None:
        choices = [Choice("auto", tr("Auto"), sentence=tr("Takes the method that fits best."))]
        for info in METHODS.values():
            if not info.begins:  # that is how a document begins, no way to change one
                choices.append(Choice(info.name, tr(info.title), sentence=tr(info.summary)))
        self.box.set_methods(choices, str(self._settings["method"]))

    def refresh_chips(self) -> None:
        """Phrases to start with; suggestions by a language model come with a model."""
        if "editor.words" not in sys.modules:
            return  # on its way, see `load_words`
        from editor.words import STARTERS

        dismissed = self._session.document.dismissed if self._session.document else frozenset()
        phrases = [p for p in STARTERS if p not in dismissed]
        if not phrases:
            self.chips.set_chips(())
            return
        start = (self._chip_page * 5) % len(phrases)
        shown = (phrases + phrases)[start : start + min(5, len(phrases))]
        self.chips.set_chips([ChipData(p, plain(p)) for p in shown])

    def _other_chips(self) -> None:
        self._chip_page += 1
        self.refresh_chips()

    def _refuse(self, words: str) -> None:
        if self._session.document is not None:
            self._session.document.dismiss(words)
        self.refresh_chips()

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.DOCUMENT and self._session.document is not self._document:
            self._document = self._session.document  # not just "saved"
            self._chip_page = 0
            self.refresh_chips()
        if changes & (Changes.MESSAGE | Changes.JOB | Changes.RESULTS | Changes.SELECTION):
            self.refresh()

    def _typed(self, text: str) -> None:
        if self._session.document is not None and not self._session.document.read_only:
            self._session.document.set_draft(text)
        message = self._session.message
        if message is not None and message.kind is not MessageKind.PROGRESS:
            self._session.say(None)
        self._reading.start()
        self.refresh()

    def refresh(self) -> None:
        """Button, progress line, messages, selection chip."""
        session, box = self._session, self.box
        results = session.results
        words = box.text.strip()
        if session.is_busy:
            box.set_run_state("cancel")
        elif not words:
            box.set_run_state("nothing")
        elif (
            results is not None
            and results.stage is Stage.RANKED
            and (results.instruction.text == " ".join(words.split()) and results.kept is None)
        ):
            box.set_run_state("again")
        else:
            box.set_run_state("run")
        box.set_progress(session.progress if session.is_busy else None)
        message = session.message
        box.set_message(
            None
            if message is None
            else Line(message.kind.value, message.text, message.button, message.action)
        )
        selection = session.selection
        box.set_selection(tr("Selection") if selection is not None else "")

    def _read(self) -> None:
        text = self.box.text.strip()
        if not text:
            self.box.set_message(None, caption=True)
            return
        from editor.words import read

        try:
            readings = read(text, has_selection=self._session.selection is not None, count=1)
        except (NotUnderstood, SelectionNeeded) as error:
            self.box.set_message(Line("quiet", error.message), caption=True)
            return
        if readings:
            self.box.set_message(Line("read_as", spans=plain(readings[0].sentence)), caption=True)


def kept_words(session: Session) -> list[str]:
    """Instructions along the way to here, oldest first, for Alt+↑."""
    document = session.document
    if document is None or document.history.head is None:
        return []
    nodes = [document.history.nodes[i] for i in document.history.path(document.history.head)]
    return [n.candidates[0].request.instruction.text for n in nodes if n.candidates]
