from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.runtime import model_folders
from app.runtime.thread_pool import ThreadPool, Ticket
from app.session import open_document as opening
from app.session.changes import Changes
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.engine_connection import EngineConnection
from app.session.messages import Messages
from editor.messages import Message
from editor.model.edit import Instruction, Suggestion
from editor.model.image import Image
from inference.request import jobs
from inference.request.model_choice import ModelChoice

COUNT = 5
WAIT_MS = 350
"""Walking through the history asks for nothing on the way."""
SIDE = 256
_NOBODY = Message("suggest.fitted_to_picture")


class SuggestionFeed(QObject):
    """What could be said next about the current idea.

    Asked of the engine whenever the idea changes, given up as soon as an edit starts. Where no
    language model can say anything these are phrases of tone and colour that were measured to fit
    the picture, so there is always something to try. Suggestions and note belong to the picture
    that they were made for and are not shown for another one.

    Signals:
        ready(): `shown` or `note` are others now.
        waiting(bool): new ones are being made.
        seen(): the caption of the current picture is known now.
    """

    ready = Signal()
    waiting = Signal(bool)
    seen = Signal()

    def __init__(
        self,
        engine: EngineConnection,
        binding: DocumentBinding,
        results: CurrentResults,
        work: ThreadPool,
        messages: Messages,
        parent: QObject | None = None,
        choices: Callable[[], tuple[ModelChoice, ...]] = tuple,
    ) -> None:
        """Nothing is asked for before `start`; `choices` are the artist's, of models."""
        super().__init__(parent)
        self._engine, self._binding, self._results = engine, binding, results
        self._work, self._messages, self._choices = work, messages, choices
        self._started = False
        self.suggestions: tuple[Suggestion, ...] = ()
        self._note: Message | None = None
        self._page = 0
        self._job = ""
        self._measuring = Ticket()
        self._measures = False
        self._of: tuple[str, str] | None = None  # document and idea asked for last
        self._picture = ""  # digest of its picture
        self._shown_of: tuple[str, str] | None = None  # and those `suggestions` belong to
        self._made_for = ""  # digest of the picture that `suggestions` and the note are about
        self._is_shown = False  # whether they are about the picture that is open
        self._again = False  # an edit came in between
        self._timer = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._timer.timeout.connect(self._ask)
        engine.job_event.connect(self._on_event)

    def start(self) -> None:
        """Begin to suggest: somebody shows the suggestions now."""
        self._started = True
        if self._binding.document is not None:
            self._timer.start()

    # --- what the panel asks --------------------------------------------------------------------

    @property
    def pinned(self) -> dict[str, Suggestion]:
        """What the artist keeps in the row of this document, oldest first."""
        document = self._binding.document
        return {} if document is None else document.pinned

    @property
    def shown(self) -> tuple[Suggestion, ...]:
        """Pinned ones first, then the others if they are about the picture that is open."""
        found = self.suggestions if self._is_of_this_picture else ()
        rest = (s for s in found if s.text not in self.pinned)
        return (*self.pinned.values(), *rest)

    @property
    def note(self) -> Message | None:
        """About the suggestions; None for nothing."""
        return self._note if self._is_of_this_picture else None

    @property
    def is_looking(self) -> bool:
        """Whether the first suggestions for this picture are being made."""
        asks = bool(self._job) or self._measures or self._timer.isActive()
        return self._place() is not None and asks and not self._is_of_this_picture

    @property
    def _is_of_this_picture(self) -> bool:
        image = self._binding.image
        return image is not None and image.pixel_digest == self._made_for

    @property
    def is_current(self) -> bool:
        """Whether `suggestions` are about the current idea; if not, others are on their way."""
        return self._shown_of == self._place()

    @property
    def instructions(self) -> tuple[Instruction, ...]:
        """What Explore renders."""
        return tuple(s.instruction for s in self.shown)

    def hurry(self) -> None:
        """Ask now what would be asked in a moment, or was not: someone waits for it."""
        if not self._job and not self._measures:
            self._timer.stop()
            self._ask()

    def others(self) -> None:
        """Other suggestions for the same idea."""
        self._page += 1
        self._ask()

    def pin(self, text: str, on: bool) -> None:
        """Keep a suggestion in the row, or no longer."""
        found = next((s for s in self.shown if s.text == text), None)
        if found is not None and self._binding.document is not None:
            self._binding.document.pin(found, on)
        self.ready.emit()

    def refuse(self, text: str) -> None:
        """Never suggest this in this document."""
        document = self._binding.document
        if document is not None:
            document.dismiss(text)
            if (found := document.pinned.get(text)) is not None:
                document.pin(found, False)
        self.suggestions = tuple(s for s in self.suggestions if s.text != text)
        self.ready.emit()
        if len(self.suggestions) < 2:
            self._ask()

    def correct(self, caption: str) -> None:
        """The artist says what the picture shows; suggestions follow from that."""
        image = self._binding.image
        text = " ".join(caption.split())
        if image is not None and text:
            self._binding.captions[image.pixel_digest] = text
            if self._binding.document is not None:
                self._binding.document.describe(image.pixel_digest, text)
            self.seen.emit()
            self._shown_of = None  # they are about what the picture was thought to show
            self._ask()

    def caption(self) -> str:
        """What the current picture shows, "" where nobody has said yet."""
        image, document = self._binding.image, self._binding.document
        if image is None or document is None:
            return ""
        known = self._binding.captions.get(image.pixel_digest, "")
        if known:
            return known
        from inference.language.path import caption_of_path, path_of

        caption = caption_of_path(path_of(document.history))
        node = self._binding.node
        if not caption and node is not None and node.parent is None:
            caption = next((s.caption for s in opening.samples() if s.file.name == node.label), "")
        return caption

    # --- asking -----------------------------------------------------------------------------

    def on_changed(self, changes: Changes) -> None:
        """Follow what changed in the session: another idea needs other suggestions."""
        if not self._started:
            return
        if self._results.is_busy:
            if self._job or self._measures or self._timer.isActive():
                self._give_up()
                self._again = True
            self._timer.stop()
            return
        place = self._place()
        if changes & (Changes.HEAD | Changes.PIXELS | Changes.DOCUMENT | Changes.HISTORY):
            if place is None:
                self._forget()
            elif place != self._of:
                self._page = 0
                self._timer.start()
                self.waiting.emit(True)
            if self._is_shown != self._is_of_this_picture:
                self._is_shown = not self._is_shown
                self.ready.emit()  # those of another picture go
        elif changes & Changes.JOB and place is not None and (self._again or place != self._of):
            self._timer.start()

    def _place(self) -> tuple[str, str] | None:
        document = self._binding.document
        if document is None or document.history.head is None:
            return None
        return str(id(document)), document.history.head

    def _forget(self) -> None:
        self._give_up()
        self._timer.stop()
        self._of = self._shown_of = None
        self.suggestions, self._note, self._made_for = (), None, ""
        self.ready.emit()

    def _give_up(self) -> None:
        self._measuring.cancel()
        self._measures = False
        if self._job:
            self._engine.cancel(self._job)
            self._job = ""
        self.waiting.emit(False)

    def _ask(self) -> None:
        image, document = self._binding.image, self._binding.document
        place = self._place()
        if image is None or document is None or place is None or self._results.is_busy:
            self._again = True
            return
        self._give_up()
        self._again = False
        self._of, self._picture = place, image.pixel_digest
        if not model_folders.known().has_models:
            self._measure(image)
            return
        from inference.language.path import path_of

        caption = self.caption()
        if caption:
            self._binding.captions.setdefault(image.pixel_digest, caption)
        job = jobs.SuggestJob(
            source=None if caption else image,
            caption=caption,
            path=path_of(document.history),
            refused=tuple(sorted(document.dismissed)),
            count=COUNT,
            seed=self._page,
            domain_picture=self._binding.domain_picture or image,
            models=self._choices(),
        )
        self._job = job.id
        self.waiting.emit(True)
        self._engine.submit(job)
        if caption:
            self.seen.emit()

    def _measure(self, image: Image, note: Message | None = None) -> None:
        """Phrases of tone and colour that the picture calls for."""
        document, page = self._binding.document, self._page
        without = document.dismissed if document is not None else frozenset[str]()

        def work(ticket: Ticket) -> tuple[Suggestion, ...]:
            from editor.formats import thumbnail
            from editor.tone.fitting import fitting_phrases

            small = thumbnail(image, SIDE)
            colours = small[:, :, :3] if small.shape[2] >= 3 else small[:, :, :1].repeat(3, axis=2)
            refused = frozenset(text.lower() for text in without)
            found = fitting_phrases(colours, COUNT, without=refused, page=page)
            return tuple(Suggestion.of(one.text, "", "", one.reason) for one in found)

        def done(found: tuple[Suggestion, ...]) -> None:
            self._show(found, note or _NOBODY)

        def failed(error: BaseException) -> None:
            self._show((), None)
            self._messages.fail(error)

        self._measures = True
        self._measuring = self._work.run(work, done, failed, 6)

    def _show(self, found: tuple[Suggestion, ...], note: Message | None) -> None:
        self.suggestions, self._note, self._made_for = found, note, self._picture
        self._shown_of, self._measures = self._of, False
        self._is_shown = self._is_of_this_picture
        self.waiting.emit(False)
        self.ready.emit()

    def _on_event(self, event: jobs.Event) -> None:
        if not self._job or event.job_id != self._job:
            return
        # The artist may have walked on meanwhile: others are asked for in a moment then.
        here = self._of == self._place()
        image = self._binding.image if here else None
        if isinstance(event, jobs.SuggestionsReady):
            foreign = event.domain is not None and not event.domain.fits
            if event.caption and not foreign:
                self._binding.captions.setdefault(self._picture, event.caption)
                self.seen.emit()
            if event.suggestions and not foreign and here:
                self._show(event.suggestions, event.note)
            elif image is not None:
                self._measure(image, event.note)
        elif isinstance(event, jobs.JobFailed):
            self._job = ""
            if image is not None:  # nobody asked for it, so nothing is said
                self._measure(image)
        elif isinstance(event, jobs.JobFinished | jobs.JobCancelled):
            self._job = ""
