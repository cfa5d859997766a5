"""Opening and saving: documents, pictures, copies."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels import document_wording, wording
from app.runtime import paths
from app.runtime.settings import Settings
from app.runtime.thread_pool import Ticket
from app.session import open_document as opening
from app.session.changes import Changes, MessageKind, StatusMessage
from app.session.open_document import OpenedDocument
from app.session.recent_list import RecentList
from app.session.session import Session
from app.window.shell import Shell
from editor.render.result_blend import render_blend

if TYPE_CHECKING:
    from editor.storage.document import Document
    from editor.storage.recent_documents import RecentDocument


class FileController(QObject):
    """Opens and saves on worker threads; the system's file chooser is the only dialog.

    Signals:
        opened(Document): another document is shown now.
    """

    opened = Signal(object)

    def __init__(
        self,
        session: Session,
        shell: Shell,
        settings: Settings,
        recent: RecentList,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._shell = shell
        self._settings = settings
        self._recent = recent
        self._worked_on: Path | None = None
        self._last_path: Path | None = None
        self._opening = 0

    # --- opening ------------------------------------------------------------------------------

    def open(self) -> None:
        """The system's file chooser."""
        patterns = "*.png *.jpg *.jpeg *.webp *.tif *.tiff *.bmp *.gif *.avif *.psd *.kra *.ora"
        kinds = f"{tr('Pictures and documents')} ({patterns} *.pentimento);;{tr('All files')} (*)"
        path = self._shell.ask_open_file(tr("Open"), self.folder(), kinds)
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path, *, rest: bool = False, view: str = "") -> None:
        """Open a picture or document, and look at it in another way than as a picture.

        Args:
            path: the file.
            rest: open what is whole of a damaged document.
            view: as `Shell.show_view` takes it, "" for the picture.
        """
        document = self._session.document
        if document is not None and path.absolute() == document.path and not rest:
            self._session.messages.notice(tr("This document is open already."))
            self._shell.show_workspace()
            return
        self._last_path = path
        self.open_made(lambda: opening.open_file(path, paths.state(), rest=rest), path, view=view)

    def open_rest(self) -> None:
        """Open what is whole of the damaged document that was asked for last."""
        if self._last_path is not None:
            self.open_path(self._last_path, rest=True)

    def open_sample(self, number: int) -> None:
        """One of the pictures that come with the program."""
        found = opening.samples()
        if found:
            sample = found[number % len(found)]
            self.open_path(sample.file)

    def open_worked_on(self) -> None:
        """Go on in the document that the open picture was worked on in before."""
        if self._worked_on is not None:
            self.open_path(self._worked_on)

    def open_made(
        self, make: Callable[[], OpenedDocument], path: Path | None = None, *, view: str = ""
    ) -> None:
        """Open the document that `make` makes on a worker thread; the latest wish counts."""
        self._opening += 1
        number = self._opening

        def after_closing(ticket: Ticket) -> OpenedDocument:
            self._session.binding.wait_closed()
            return make()

        def done(opened: OpenedDocument) -> None:
            if number == self._opening:
                self._show(opened, path)
                if view:
                    self._shell.show_view(view)
            else:  # the artist asked for another one meanwhile
                self._session.binding.closer.add(opened.document)

        def failed(error: BaseException) -> None:
            self._session.messages.fail(error, path.name if path is not None else "")

        self._session.work.run(after_closing, done, failed, 0)

    def _show(self, done: OpenedDocument, path: Path | None = None) -> None:
        """A document is ready: show it."""
        self._session.set_document(done.document)
        self.opened.emit(done.document)
        if done.document.damaged:
            total = len(done.document.history.nodes) + len(done.document.damaged)
            self._session.messages.notice(
                tr("Part of this file is damaged: {0} of {1} ideas cannot be shown, the rest can.")
                .format(len(done.document.damaged), total)
            )  # fmt: skip
        elif done.document.read_only:
            self._session.messages.notice(
                tr("This document is open in another window. It is read only here.")
            )
        elif done.notes:
            self._session.messages.notice(" ".join(map(text_of, done.notes)))
        if path is not None and not _is_programs(path):
            name = str(path.absolute())
            recent = [name, *(r for r in self._settings["recent"] if r != name)]
            self._settings.set("recent", recent[:6])
        self._settings.set("last_document", str(done.document.path))
        self._recent.note_opened(done.document.path)
        self._offer_worked_on(done.document)

    def _offer_worked_on(self, document: Document) -> None:
        """A picture that was worked on before is open as a new document: say so."""
        self._worked_on = None
        head = document.history.head
        if len(document.history.nodes) != 1 or head is None or document.results(head):
            return
        picture = document.history.current.picture
        if picture is None:
            return

        def found(entry: RecentDocument) -> None:
            session, summary = self._session, entry.summary
            begun = session.results is not None or len(document.history.nodes) > 1
            if session.document is not document or begun or summary is None:
                return
            self._worked_on = entry.path
            ideas = document_wording.ideas_text(summary)
            text = tr("You worked on this picture before. {0}, last on {1}.")
            session.messages.notice(
                text.format(ideas, document_wording.day(entry.time)),
                tr("Continue"),
                "open_worked_on",
                second=(tr("Start new"), "start_new"),
            )

        self._recent.find_worked_on(picture.image, document.path, found)

    def keep_new(self) -> None:
        """The new picture looked at becomes an untitled document."""
        session = self._session
        look, results = session.view.look, session.results
        if look is None or results is None or results.source is None or session.is_busy:
            return
        source, text = results.source, results.instruction.text
        note = tr("New picture from words: {0}").format(text)
        note = f"{note}\n{wording.recipe_line(results, results.slot(look.first.key))}"

        def make() -> OpenedDocument:
            made = opening.open_pixels(render_blend(source, look, None), text, paths.state())
            head = made.document.history.head
            if head is not None:
                made.document.note(head, note)
            return made

        self._shell.show_view("picture")
        self.open_made(make)

    def new_from_words(self) -> None:
        """An empty place, and the caret in the box: what is said there is drawn."""
        if self._session.document is not None:
            self.close_document()
        self._shell.show_workspace()
        self._shell.set_prompt("")
        self._shell.focus_prompt()

    def close_document(self) -> None:
        """Close; everything is on disk."""
        self._session.set_document(None)
        self._settings.set("last_document", "")

    def folder(self) -> str:
        """Where the last picture was opened, else where the system keeps the artist's pictures."""
        recent = [Path(r).parent for r in self._settings["recent"] if not _is_programs(Path(r))]
        kind = QStandardPaths.StandardLocation.PicturesLocation
        usual = (*recent, Path(QStandardPaths.writableLocation(kind)), Path.home())
        return str(next((folder for folder in usual if folder.is_dir()), Path.home()))

    # --- saving -------------------------------------------------------------------------------

    def name_document(self) -> None:
        """Ctrl+S: give an untitled document a name; later: everything is saved already."""
        document = self._session.document
        if document is None:
            return
        if not document.is_untitled:
            self._session.messages.say(
                StatusMessage(MessageKind.NOTICE, tr("Everything is saved already."), seconds=4)
            )
            return
        name = self._ask_where(tr("Name the document"), document.title, ".pentimento")
        if name is not None:
            self._move(document, name)

    def move_elsewhere(self) -> None:
        """After a full disk: the document itself goes on at another place."""
        document = self._session.document
        if document is None:
            return
        name = self._ask_where(tr("Choose another place"), document.title, ".pentimento")
        if name is not None:
            self._move(document, name)

    def save_copy(self) -> None:
        """Write the whole document, with every idea, to another place."""
        document = self._session.document
        if document is None:
            return
        name = self._ask_where(tr("Save a copy"), f"{document.title} copy", ".pentimento")
        if name is not None:
            self._when_written(document.save_copy(name), tr("Copy saved: {0}.").format(name.name))

    def _ask_where(self, title: str, stem: str, suffix: str) -> Path | None:
        start = str(Path(self.folder()) / f"{Path(stem).stem}{suffix}")
        path = self._shell.ask_save_file(title, start, f"*{suffix}")
        if path is None:
            return None
        return path if path.suffix else path.with_suffix(suffix)

    def _move(self, document: Document, name: Path) -> None:
        """Give the document another name; the list of recent ones follows."""
        old = document.path

        def moved() -> None:
            self._recent.note_moved(old, document.path)

        self._when_written(document.name_file(name), tr("Saved as {0}.").format(name.name), moved)

    def _when_written(
        self, future: Future[None], text: str, then: Callable[[], None] | None = None
    ) -> None:
        def done(_: None) -> None:
            if then is not None:
                then()
            self._session.messages.say(StatusMessage(MessageKind.NOTICE, text, seconds=5))
            self._session.changed.emit(Changes.DOCUMENT)

        self._session.work.run(lambda ticket: future.result(), done, self._session.messages.fail)


def _is_programs(path: Path) -> bool:
    """Whether a file lies among the program's own ones: its samples, its documents. No disk."""
    where = Path(os.path.normpath(path.absolute()))
    own = (paths.home(), *(sample.file.parent for sample in opening.samples()))
    return any(map(where.is_relative_to, own))
