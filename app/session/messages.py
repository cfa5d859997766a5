from __future__ import annotations

import traceback
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.session.changes import Changes, MessageKind, Notify, StatusMessage
from app.session.model_need import needed_role, show_models
from editor.errors import DamagedDocument, DiskFull, ExpectedError, ModelMissing


class Messages(QObject):
    """The line under the prompt, and what screen readers hear besides.

    Attributes:
        current: what the line shows, None for nothing.
    """

    announced = Signal(str)
    """Text for screen readers alone. Errors and notices are spoken by the line that shows them."""

    def __init__(self, notify: Notify, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current: StatusMessage | None = None
        self._notify = notify
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(lambda: self.say(None))

    def say(self, message: StatusMessage | None) -> None:
        """Put a sentence on the message line (None clears it)."""
        self.current = message
        self._timer.stop()
        if message is not None and message.seconds:
            self._timer.start(int(message.seconds * 1000))
        self._notify(Changes.MESSAGE)

    def discard(self) -> None:
        """Clear the line without `Changes.MESSAGE`, which the caller sends with other changes."""
        self.current = None
        self._timer.stop()

    def discard_progress(self) -> None:
        """The same for a line that says how far a job is; others stay."""
        if self.current is not None and self.current.kind is MessageKind.PROGRESS:
            self.discard()

    def leave_picture(self) -> None:
        """Another picture is shown: what was said about the last one goes.

        Without `Changes.MESSAGE`, which the caller sends with other changes.
        """
        message = self.current
        if message is not None and message.kind is not MessageKind.PROGRESS and not message.lasting:
            self.discard()

    def notice(
        self,
        text: str,
        button: str = "",
        action: str = "",
        *,
        second: tuple[str, str] = ("", ""),
        until: Changes = Changes.NONE,
    ) -> None:
        """A notice that stays until something replaces it.

        Args:
            text: what happened, then what to do.
            button: a verb, or "" for none.
            action: what the button does.
            second: another button and its action.
            until: it goes when one of these changes.
        """
        words, do = second
        self.say(
            StatusMessage(
                MessageKind.NOTICE, text, button, action, second_button=words, second_action=do,
                until=until,
            )
        )  # fmt: skip

    def on_changed(self, changes: Changes) -> None:
        """What was said goes when its cause has gone."""
        if self.current is not None and self.current.until & changes:
            self.say(None)

    def announce(self, text: str) -> None:
        """Say a text to screen readers only."""
        self.announced.emit(text)

    def fail(self, error: BaseException, file: str = "") -> None:
        """Show an error inline: an expected one as its sentence, a bug with Copy details.

        Args:
            error: what happened.
            file: name of the file that was to be opened; another one can be chosen instead.
        """
        if isinstance(error, ExpectedError):
            self._fail_expected(error, file)
            return
        details = "".join(traceback.format_exception(error))
        text = tr("Something went wrong in the program. Your document is safe.")
        self.say(
            StatusMessage(
                MessageKind.ERROR, text, tr("Copy details"), "copy_details", details=details
            )
        )

    def _fail_expected(self, error: ExpectedError, file: str) -> None:
        """What to do is a button where there is an action for it, else a second sentence."""
        text, button = text_of(error.message), text_of(error.fix)
        if file and error.fix is not None and error.fix.code in _SAYS_THE_BUTTON:
            button = ""
        if error.fix is not None and error.fix.code == "do.install_model":
            button = tr("Install")
        action = next((do for kind, do in _ACTIONS.items() if isinstance(error, kind)), "")
        if file and file not in text:
            text = tr("“{0}”: {1}").format(file, text)
        if isinstance(error, ModelMissing):
            action = show_models(needed_role(error.message))
        if not action:
            text = " ".join(filter(None, (text, button)))
            button, action = (tr("Open another"), "open") if file else ("", "")
        lasting = isinstance(error, DamagedDocument | DiskFull)
        self.say(StatusMessage(MessageKind.ERROR, text, button, action, lasting=lasting))


_SAYS_THE_BUTTON: Final = ("do.choose_another_file", "do.open_another")

_ACTIONS: Final[dict[type[ExpectedError], str]] = {
    DamagedDocument: "open_rest",
    DiskFull: "save_elsewhere",
}
"""What the button of an error does."""
