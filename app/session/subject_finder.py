from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.i18n.texts import tr
from app.session.changes import Changes, MessageKind, StatusMessage
from app.session.document_binding import DocumentBinding
from app.session.engine_connection import EngineConnection
from app.session.job_messages import failure_message
from app.session.messages import Messages
from app.session.model_choices import ModelChoices
from editor.model.image import Image
from inference.request import jobs


class SubjectFinder(QObject):
    """Has the engine find the subject of the current picture.

    One search at a time: another one, or another picture, ends it.

    Signals:
        found(object, object): the `Image` that was searched, and the (H, W) `uint8` coverage of
            what was asked for.
    """

    found = Signal(object, object)

    def __init__(
        self,
        engine: EngineConnection,
        binding: DocumentBinding,
        models: ModelChoices,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine, self._binding = engine, binding
        self._models, self._messages = models, messages
        self._job = ""
        self._image: Image | None = None
        self._said: StatusMessage | None = None
        engine.job_event.connect(self._on_event)

    def find(self, part: jobs.SubjectPart) -> None:
        """Look for the subject, the background or people; nothing without a picture."""
        image = self._binding.image
        if image is None:
            return
        self.cancel()
        job = jobs.SubjectJob(image, part, self._models.for_job())
        self._job, self._image = job.id, image
        self._say(StatusMessage(MessageKind.PROGRESS, tr("Looking for the subject")))
        self._engine.submit(job)

    def cancel(self) -> None:
        """What is under way is no longer wanted."""
        if self._job:
            self._engine.cancel(self._job)
            self._end()

    def on_changed(self, changes: Changes) -> None:
        """Another picture is shown."""
        if changes & (Changes.HEAD | Changes.DOCUMENT) and self._binding.image is not self._image:
            self.cancel()

    def _on_event(self, event: jobs.Event) -> None:
        if not self._job or event.job_id != self._job:
            return
        match event:
            case jobs.SubjectReady():
                image = self._image
                self._end()
                self.found.emit(image, event.coverage)
            case jobs.JobFailed():
                self._end()
                self._messages.say(failure_message(event))
            case jobs.JobFinished() | jobs.JobCancelled():
                self._end()

    def _end(self) -> None:
        self._job, self._image = "", None
        if self._said is not None and self._messages.current is self._said:
            self._messages.say(None)
        self._said = None

    def _say(self, message: StatusMessage) -> None:
        self._said = message
        self._messages.say(message)
