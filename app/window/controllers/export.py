"""Writing the picture that is looked at: the export page, its live size, the file."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from shiboken6 import isValid

from app.i18n.file_sizes import file_size_text
from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels.exported_view import ExportedPicture
from app.panels.pages.export_choice import (
    SUFFIXES,
    ExportChoice,
    beside_original,
    presets,
    with_ending,
    with_metadata,
)
from app.panels.pages.export_page import FORMATS, ExportPage
from app.runtime.settings import Settings
from app.runtime.thread_pool import Ticket
from app.session.changes import Changes, MessageKind, StatusMessage
from app.session.session import Session
from app.window.controllers.shown_picture import ShownPicture, recipe_of, shown_picture
from app.window.shell import Shell
from editor.errors import ExpectedError, UnsupportedImage
from editor.messages import Message

MEASURE_MS = 250
"""How long after the last change the file is made to see its size."""


@dataclass(frozen=True)
class _Written:
    """Attributes: `size` in bytes, `was` that of the file the picture came from."""

    size: int
    was: int | None = None
    notes: tuple[Message, ...] = ()
    copied: bool = False


class ExportController(QObject):
    """The export page and what it writes, on worker threads."""

    def __init__(
        self, session: Session, shell: Shell, folder: Callable[[], str],
        settings: Settings, parent: QObject | None = None,
    ) -> None:  # fmt: skip
        """Prepare.

        Args:
            session: whose picture is written.
            shell: shows the page.
            folder: where pictures are saved to begin with.
            settings: say what goes into files to begin with.
            parent: owner.
        """
        super().__init__(parent)
        self._settings, self._metadata = settings, ""
        self._session, self._shell, self._folder = session, shell, folder
        self._page: ExportPage | None = None
        self._choice: ExportChoice | None = None
        self._chosen_folder: Path | None = None
        self._writing: ExportPage | None = None
        self._written: Path | None = None
        self._opens_later = False  # asked for before the pixels of the idea were there
        self._measuring = Ticket()
        self._soon = QTimer(self, singleShot=True, interval=MEASURE_MS)
        self._soon.timeout.connect(self._measure)
        session.changed.connect(self._on_changed)

    # --- the page -------------------------------------------------------------------------------

    def open(self) -> None:
        """Show the page for the picture that is looked at."""
        shown, document = shown_picture(self._session), self._session.document
        self._opens_later = shown is None and document is not None
        if shown is None or document is None:
            return
        from app.canvas.qt_images import profile_name
        from editor.formats import format_of_name
        from editor.formats.place import names_place

        image = shown.source
        own = "tiff" if image.depth == 16 else "png"
        metadata = self._settings["metadata"]
        choice = self._choice or ExportChoice(own, presets(own)["exact"].quality)
        if metadata != self._metadata:  # else the last choice stays
            choice, self._metadata = with_metadata(choice, metadata), metadata
        # An exact copy of one picture does not put the place into the next one.
        choice = replace(choice, place=metadata == "all")
        folder = self._chosen_folder or Path(self._folder())
        title = Path(document.title).stem or "picture"
        history = document.history
        opened_from = Path(history.nodes[history.roots()[0]].label)
        origin = format_of_name(opened_from)
        target = beside_original(folder / f"{title}{SUFFIXES[choice.format]}", opened_from.name)
        self._page = page = ExportPage(
            choice,
            shown.size,
            profile=profile_name(image.meta.icc) or "",
            deep=image.depth == 16,
            has_place=names_place(image.meta),
            own_format=origin if origin in SUFFIXES else own,
            target=target,
            original=opened_from.name,
            metadata=metadata,
        )
        page.changed.connect(self._on_choice)
        page.export_asked.connect(self.write)
        page.elsewhere_asked.connect(self.choose_elsewhere)
        page.preview_asked.connect(self._on_preview)
        self._shell.show_page("export", tr("Export"), page)
        self._on_choice()

    def choose_elsewhere(self) -> None:
        """The system's chooser: another name or folder, which it asks about itself."""
        page = self._open_page()
        if page is None:
            self.open()
            page = self._open_page()
        if page is None:
            return
        suffix = SUFFIXES[page.choice.format]
        where = self._shell.ask_save_file(tr("Export"), str(page.target), f"*{suffix}")
        if where is not None:
            target = with_ending(where, page.choice.format)
            page.set_target(target, may_replace=target == where)  # the chooser has asked
            self._chosen_folder = where.parent

    def show_in_folder(self) -> None:
        """The folder of the file written last, in the system's file manager."""
        if self._written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._written.parent)))

    def _open_page(self) -> ExportPage | None:
        return self._page if self._page is not None and isValid(self._page) else None

    def _on_changed(self, changes: Changes) -> None:
        if self._opens_later and changes & (Changes.PIXELS | Changes.HEAD | Changes.DOCUMENT):
            self._opens_later = False
            if changes & Changes.PIXELS and not changes & (Changes.HEAD | Changes.DOCUMENT):
                self.open()  # unless the artist went elsewhere meanwhile
            return
        page = self._open_page()
        if page is None:
            return
        if changes & Changes.DOCUMENT and self._session.document is None:
            self._shell.close_page()
        elif changes & (Changes.LOOK | Changes.HEAD | Changes.PIXELS):
            shown = shown_picture(self._session)
            if shown is not None:
                page.picture_size.set_picture(shown.size)
            self._show_measuring()

    def _on_choice(self) -> None:
        page = self._open_page()
        if page is not None:
            self._choice = page.choice
            self._show_measuring()

    def _on_preview(self, on: bool) -> None:
        """The page asks for the file on the canvas, or lets go of it, also by being closed."""
        if on:
            self._show_measuring()
        else:
            self._shell.show_exported(None)

    # --- how large ------------------------------------------------------------------------------

    def _show_measuring(self) -> None:
        page = self._open_page()
        if page is not None:
            self._measuring.cancel()
            page.show_measuring()
            self._soon.start()

    def _measure(self) -> None:
        """Make the file in a folder for the moment, only to see how large it is."""
        page, shown = self._open_page(), shown_picture(self._session)
        if page is None or shown is None:
            return
        choice, recipe, preview = page.choice, recipe_of(self._session), page.shows_preview

        def measure(ticket: Ticket) -> tuple[_Written, ExportedPicture | None]:
            with tempfile.TemporaryDirectory(prefix="pentimento-export-") as folder:
                file = Path(folder) / f"measured{SUFFIXES[choice.format]}"
                written = _write(shown, file, choice, recipe, ticket.cancelled)
                if not preview or ticket.cancelled():
                    return written, None
                return written, _exported(shown, file, choice, ticket.cancelled)

        def done(made: tuple[_Written, ExportedPicture | None]) -> None:
            written, exported = made
            if self._open_page() is page:
                page.show_file_size(written.size, written.was)
                if exported is not None and page.shows_preview:
                    self._shell.show_exported(exported)

        def failed(error: BaseException) -> None:
            if self._open_page() is page:
                page.show_file_size(None)
            self._session.messages.fail(error)

        self._measuring = self._session.work.run(measure, done, failed, 3)

    # --- writing --------------------------------------------------------------------------------

    def write(self) -> None:
        """Write the file; one that is there already is replaced only when that was asked for."""
        page = self._open_page()
        if page is None or page is self._writing:
            return
        if page.target.exists() and not page.may_replace:
            page.ask_to_replace()
            return
        self._measuring.cancel()
        self._save(page.target, page.choice, page)

    def save_result(self) -> None:
        """Save the result looked at without keeping it; the name's ending says the format."""
        if self._session.view.look is None:
            return
        start = str(Path(self._folder()) / "result.png")
        where = self._shell.ask_save_file(tr("Save a copy of the result"), start, "*.png")
        if where is not None:
            from editor.formats import written_format

            where = where if where.suffix else where.with_suffix(".png")
            try:
                name = written_format(where)
            except UnsupportedImage as error:
                self._session.messages.fail(error)
                return
            self._save(where, ExportChoice(name, 100 if name == "webp" else 95))

    def _save(self, where: Path, choice: ExportChoice, page: ExportPage | None = None) -> None:
        """Write what is shown; the page that asked for it closes once it is written."""
        self._shell.finish_stroke()
        shown = shown_picture(self._session)
        if shown is None:
            return
        recipe = recipe_of(self._session)
        self._writing = page

        def done(written: _Written) -> None:
            self._written, self._writing = where, None
            if page is not None and self._open_page() is page:
                self._shell.close_page()
            text = tr("Saved {0}, {1}.").format(where.name, file_size_text(written.size))
            if written.copied:
                text = f"{text} {tr('Copied byte for byte.')}"
            self._session.messages.say(
                StatusMessage(
                    MessageKind.NOTICE,
                    " ".join((text, *map(text_of, written.notes))),
                    tr("Show in folder"),
                    "show_exported",
                    second_button=tr("Copy"),
                    second_action="copy",
                    seconds=12,
                )
            )

        self._session.work.run(
            lambda ticket: _write(shown, where, choice, recipe, ticket.cancelled),
            done,
            self._failed,
            2,
        )

    def _failed(self, error: BaseException) -> None:
        """The page stays; where the folder is to blame, another one can be chosen."""
        self._writing = None
        if not isinstance(error, ExpectedError) or isinstance(error, UnsupportedImage):
            self._session.messages.fail(error)
            return
        text = text_of(error.message)
        button = tr("Choose another folder"), "export_elsewhere"
        self._session.messages.say(StatusMessage(MessageKind.ERROR, text, *button))


def _write(
    shown: ShownPicture,
    where: Path,
    choice: ExportChoice,
    recipe: str,
    cancelled: Callable[[], bool],
) -> _Written:
    """Render and write; an unchanged file in its own format is copied byte for byte."""
    from editor.formats import save_image, save_source
    from editor.formats.adapted import adapted
    from editor.formats.place import names_place

    opened = shown.opened() if shown.blend is None else None
    was = len(opened.data) if opened is not None and opened.data else None
    whole = replace(choice, place=choice.place or not names_place(shown.source.meta))
    exact = whole.is_exact and whole.quality == presets(choice.format)["exact"].quality
    if opened is not None and opened.data and exact and choice.format == opened.format:
        save_source(opened, where)
        return _Written(len(opened.data), was, copied=True)
    image = adapted(shown.render(cancelled), long_side=choice.long_side, srgb=choice.srgb)
    notes = save_image(image, where, format=choice.format, options=choice.options(recipe))
    return _Written(where.stat().st_size, was, notes)


def _exported(
    shown: ShownPicture, file: Path, choice: ExportChoice, cancelled: Callable[[], bool]
) -> ExportedPicture:
    """The picture at the size of its file, in its own colours, and what a reader finds there."""
    from editor.formats import open_image
    from editor.formats.adapted import adapted

    original = adapted(shown.render(cancelled), long_side=choice.long_side)
    encoded = open_image(file).image
    return ExportedPicture(original, encoded, FORMATS[choice.format], file.stat().st_size)
