from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels.wording import instruction_spans
from app.runtime import model_folders
from app.session.caption_draft import CaptionDraft
from app.session.changes import Changes
from app.session.job_messages import DOMAIN
from app.session.model_need import REPAINT, show_models
from app.session.session import Session
from app.widgets.basics.message_line import LineMessage as Line
from app.widgets.prompt.prompt_box import PromptBox
from editor.errors import NotUnderstood, SelectionNeeded
from editor.messages import Message
from editor.model.edit import Instruction
from inference.request.jobs import Prepared
from inference.request.registry import METHODS

READ_AFTER_MS = 400
"""How long after the last key "Read as" follows."""


class ReadAs(QObject):
    """The line below the box while there is no message: how the words are read.

    Without words it says what the program sees in the picture. All of it belongs to the picture
    that is open: it goes at once when another one is shown.
    """

    def __init__(
        self,
        session: Session,
        box: PromptBox,
        methods: Callable[[], tuple[str, ...]],
        captions: CaptionDraft,
    ) -> None:
        """`methods()`: those chosen, () for Auto."""
        super().__init__(box)
        self._captions = captions
        self._session, self._box, self._methods = session, box, methods
        self._live, self._feed = session.live_preview, session.suggestion_feed
        self._understood_text = ""
        self._reads = True
        self._picture = ""  # digest of the picture that the line is about
        self._timer = QTimer(self, singleShot=True, interval=READ_AFTER_MS)
        self._timer.timeout.connect(self.refresh)
        self._live.understood.connect(self._understood)
        self._live.failed.connect(self._not_understood)
        self._feed.seen.connect(self.refresh)
        self._feed.ready.connect(self.refresh)
        session.changed.connect(self._on_changed)

    def set_reading(self, on: bool) -> None:
        """Whether the words in the box are for an edit; if not, what is seen stays on the line."""
        self._reads = on
        self.refresh()

    def soon(self) -> None:
        """Read the words when no key was pressed for a moment."""
        self._timer.start()

    def _on_changed(self, changes: Changes) -> None:
        session = self._session
        if changes & (Changes.DOCUMENT | Changes.HEAD):
            self.soon()
        if changes & (Changes.DOCUMENT | Changes.HEAD | Changes.PIXELS):
            digest = session.image.pixel_digest if session.image is not None else ""
            if digest != self._picture:
                self._picture, self._understood_text = digest, ""
                self.refresh()
        if changes & Changes.READING and not session.current_results.are_elsewhere(session.node):
            self._show(session.results.instruction if session.results else None)

    def refresh(self) -> None:
        """The text of the line when there is no message: how the words are read."""
        text = self._box.text.strip()
        if not text or not self._reads:
            self._box.set_message(self._sees(), caption=True)
            return
        own = self._captions.instruction()
        if own is not None:
            self._show(own)
            return
        results = self._session.results
        if (
            results is not None
            and results.instruction.target_prompt
            and results.instruction.text == " ".join(text.split())
            and not self._session.current_results.are_elsewhere(self._session.node)
        ):
            self._show(results.instruction)
            return
        if not self._methods() and self._live.waits_for(text):
            if self._understood_text != text:
                self._box.set_message(self._sees(), caption=True)
            return
        from editor.tone import read

        try:
            readings = read(text, has_selection=self._session.view.selection is not None, count=1)
        except (NotUnderstood, SelectionNeeded) as error:
            if not model_folders.known().has_models:
                self._not_understood(error.message)
            elif self._understood_text != text:  # the models read it, see `LivePreview`
                self._box.set_message(self._sees(), caption=True)
            return
        if readings:
            words = text_of(readings[0].sentence)  # no diff, so it may stand on two lines
            self._box.set_message(Line("read_as", words, mark=self._mark()), caption=True)

    def _mark(self) -> str:
        """Says that the canvas follows the words."""
        return tr("live") if self._live.enabled else ""

    def _sees(self) -> Line | None:
        """The caption, which the artist may correct; without one what suggestions follow from."""
        if self._session.document is None:
            return None
        caption = self._feed.caption()
        if caption and model_folders.known().has_models:
            return Line("sees", caption, editable=True)
        if self._feed.note:
            return Line(
                "quiet",
                text_of(self._feed.note),
                editable=model_folders.known().has_models,
            )
        if self._feed.is_looking:
            return Line("quiet", tr("Looking at the picture"))
        return None

    def _show(self, instruction: Instruction | None) -> None:
        """The captions before and after as a typed difference."""
        if (
            instruction is None
            or not instruction.target_prompt
            or self._session.current_results.are_new_pictures
        ):
            return
        caption, spans = instruction.source_prompt, instruction_spans(instruction)
        line = Line("read_as", caption, spans=spans, editable=True, mark=self._mark())
        self._box.set_message(line, caption=True)

    def _understood(self, found: Prepared) -> None:
        self._understood_text = self._box.text.strip()
        if not self._understood_text:
            return
        toned = METHODS[found.methods[0]].parametric  # its reading is more than the warning
        if found.warning and not toned and not self._session.binding.was_shown(DOMAIN):
            self._box.set_message(
                Line("quiet", text_of(found.warning), tr("Add a model"), show_models(REPAINT)),
                caption=True,
            )
        elif found.instruction.target_prompt:
            self._show(found.instruction)
        else:  # no model says what the picture would show: what it shows now
            self._box.set_message(self._sees(), caption=True)

    def _not_understood(self, message: Message) -> None:
        self._box.set_message(Line("quiet", text_of(message)), caption=True)
