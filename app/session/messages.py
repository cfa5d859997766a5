from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from app.i18n.engine_messages import said
from app.session.changes import Changes, Message, MessageKind
from editor.errors import DamagedDocument, DiskFull, ExpectedError, ModelMissing


def tr(text: str) -> str:
    """A text of the session in the artist's language."""
    return QCoreApplication.translate("Session", text)


class Speaking(QObject):
    """The line under the prompt, and what screen readers hear."""

    changed = Signal(object)
    """`Changes`: what panels should redraw."""

    announced = Signal(str, bool)
    """Text for screen readers, and whether it is urgent."""

    def __init__(self) -> None:
        super().__init__()
        self.message: Message | None = None
        self._message_timer = QTimer(self, singleShot=True)
        self._message_timer.timeout.connect(lambda: self.say(None))

    def say(self, message: Message | None) -> None:
        """Put a sentence on the message line (None clears it)."""
        self.message = message
        self._message_timer.stop()
        if message is not None and message.seconds:
            self._message_timer.start(int(message.seconds * 1000))
        self.changed.emit(Changes.MESSAGE)

    def notice(self, text: str, button: str = "", action: str = "") -> None:
        """A notice that stays until something replaces it."""
        self.say(Message(MessageKind.NOTICE, text, button, action))

    def fail(self, error: BaseException) -> None:
        """Show an error inline: an expected one as its sentence, a bug with Copy details."""
        if isinstance(error, ExpectedError):
            action = ""
            if isinstance(error, DamagedDocument):
                action = "open_rest"
            elif isinstance(error, DiskFull):
                action = "save_elsewhere"
            elif isinstance(error, ModelMissing):
                action = "show_models"
            text = said(error.message)
            self.say(Message(MessageKind.ERROR, text, said(error.fix), action))
            self.announced.emit(text, True)
            return
        import traceback

        details = "".join(traceback.format_exception(error))
        text = tr("Something went wrong in the program. Your document is safe.")
        self.say(
            Message(MessageKind.ERROR, text, tr("Copy details"), "copy_details", details=details)
        )
        self.announced.emit(text, True)
