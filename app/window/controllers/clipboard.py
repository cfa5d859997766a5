"""What comes in and goes out through the clipboard and by dropping."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from app.canvas.thumbnails import to_qimage
from app.i18n.texts import tr
from app.runtime import paths
from app.runtime.thread_pool import Ticket
from app.session import open_document as opening
from app.session.changes import MessageKind, StatusMessage
from app.session.session import Session
from app.window.controllers.exact_picture import EXACT, exact_in, exact_png
from app.window.controllers.file import FileController
from app.window.controllers.ideas import is_story
from app.window.shell import Shell
from editor.model.image import Image
from editor.render.result_blend import render_blend

if TYPE_CHECKING:
    from app.canvas.qt_images import RawPicture
    from app.session.open_document import OpenedDocument

ENCODED: Final = ("image/png", "image/tiff", "image/webp", "image/avif", "image/jpeg", "image/bmp")
"""Picture files as clipboards hand them out, the ones that lose least first."""


OWN: Final = "application/x-pentimento-copy"
"""Mark beside a picture that a window of this program copied, see `CopiedPicture`."""


def picture_in(data: QMimeData) -> bytes | RawPicture | None:
    """The picture in `data` as plain bytes: those of a file, else those of its pixels.

    The file is preferred: it is decoded on a worker thread, with its depth and profile. That of
    another window of this program goes first.
    """
    exact = exact_in(data)
    if exact is not None:
        return exact
    formats = data.formats()
    for name in ENCODED:
        if name in formats:
            encoded = bytes(data.data(name).data())
            if encoded:
                return encoded
    if not data.hasImage():
        return None
    from app.canvas.qt_images import raw_of

    image = QImage(data.imageData())
    return None if image.isNull() else raw_of(image)


def files_in(data: QMimeData) -> list[Path]:
    """The files on this computer that `data` names, as addresses or as plain text."""
    urls = data.urls()
    if not urls and data.hasText():
        urls = [QUrl(line) for line in data.text().splitlines() if line.startswith("file:")]
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def can_open(data: QMimeData) -> bool:
    """Whether `data` names files of this computer or holds a picture; no file is touched."""
    formats = data.formats()
    return bool(files_in(data)) or data.hasImage() or any(name in formats for name in ENCODED)


@dataclass(frozen=True)
class CopiedPicture:
    """What this window copied last: its own pixels, of which the clipboard has 8-bit ones.

    Attributes:
        mark: stands in the clipboard beside them, so that a later copy is not taken for it.
        image: at full depth, with its profile.
    """

    mark: bytes
    image: Image


class ClipboardController:
    """Copies and pastes pictures, recipes and seeds; opens what is dropped."""

    def __init__(
        self,
        session: Session,
        shell: Shell,
        files: FileController,
        open_story: Callable[[Path], None],
    ) -> None:
        self._session = session
        self._shell = shell
        self._files, self._open_story = files, open_story
        self._copied: CopiedPicture | None = None

    def drop(self, data: QMimeData) -> None:
        """Open what was dropped on the window; of several files the first one."""
        files = files_in(data)
        if files and is_story(files[0]):
            self._open_story(files[0])
        elif files:
            self._files.open_path(files[0])
        elif not self._open_picture(data, tr("Dropped picture")):
            text = tr("Only files and pictures of this computer can be dropped here.")
            self._session.messages.notice(text)

    def paste(self) -> None:
        """Open the picture in the clipboard; in a text field Qt pastes text before this."""
        data: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None on some platforms
        if data is None or not self._open_picture(data, tr("Pasted picture")):
            files = files_in(data) if data is not None else []
            if files:
                self._files.open_path(files[0])
            else:
                self._session.messages.notice(tr("There is no picture to paste."))

    def _open_picture(self, data: QMimeData, label: str) -> bool:
        """Open the picture in `data`, if there is one; it is made on a worker thread."""
        copied = self._copied
        if copied is not None and bytes(data.data(OWN).data()) == copied.mark:
            self._files.open_made(lambda: opening.open_pixels(copied.image, label, paths.state()))
            return True
        found = picture_in(data)
        if found is None:
            return False

        def make() -> OpenedDocument:
            if isinstance(found, bytes):
                return opening.open_encoded(found, label, paths.state())
            from app.canvas.qt_images import image_of

            return opening.open_pixels(image_of(found), label, paths.state())

        self._files.open_made(make)
        return True

    def copy(self) -> None:
        """Copy what is looked at (or its selected part) to the clipboard."""
        from app.canvas.qt_images import to_display

        self._shell.finish_stroke()
        session = self._session
        image, shown, results, document = (
            session.image, session.view.look, session.results, session.document,
        )  # fmt: skip
        if image is None or document is None:
            return
        selection = session.view.selection
        source = image
        if shown is not None and results is not None:
            parent = document.history.nodes[results.parent].picture
            source = parent.image if parent is not None else image

        def make(ticket: Ticket) -> tuple[NDArray[np.uint8], Image]:
            made = source
            if shown is not None and results is not None:
                made = render_blend(source, shown, results.selection, cancelled=ticket.cancelled)
            part = selection.bounds if selection is not None else made.bounds
            part = part.intersect(made.bounds)
            if not part.is_empty and part != made.bounds:
                made = Image.from_array(made.read(part), made.meta)
            return to_display(made, made.bounds), made

        session.work.run(make, lambda made: self._put(*made), session.messages.fail)

    def _put(self, pixels: NDArray[np.uint8], image: Image) -> None:
        """Hand a picture to the clipboard, and keep it as it is for this window.

        What other windows like this one need follows: to encode 24 megapixels takes seconds.
        """
        self._copied = CopiedPicture(secrets.token_bytes(16), image)
        mark, picture = self._copied.mark, to_qimage(pixels)
        _offer(picture, mark)

        def add(exact: bytes | None) -> None:
            held: QMimeData | None = QGuiApplication.clipboard().mimeData()
            ours = held is not None and bytes(held.data(OWN).data()) == mark
            if exact is not None and ours:  # nothing else was copied meanwhile
                _offer(picture, mark, exact)

        work = self._session.work
        work.run(lambda ticket: exact_png(image), add, self._session.messages.fail, 3)

    def copy_seed(self) -> None:
        """The seed of the result looked at."""
        look_ = self._session.view.look
        if look_ is not None:
            QGuiApplication.clipboard().setText(str(look_.first.request.seed))

    def copy_request(self) -> None:
        """The recipe of the result looked at, as JSON."""
        look_ = self._session.view.look
        if look_ is not None:
            text = json.dumps(look_.first.request.to_json(), indent=2, ensure_ascii=False)
            QGuiApplication.clipboard().setText(text)
            self._session.messages.say(
                StatusMessage(MessageKind.NOTICE, tr("Recipe copied."), seconds=4)
            )


def _offer(picture: QImage, mark: bytes, exact: bytes | None = None) -> None:
    """Put a picture into the clipboard.

    Args:
        picture: for other programs.
        mark: of a `CopiedPicture`.
        exact: for other windows like this one, where that is more than `picture`.
    """
    data = QMimeData()
    data.setImageData(picture)
    data.setData(OWN, QByteArray(mark))
    if exact is not None:
        data.setData(EXACT, QByteArray(exact))
    QGuiApplication.clipboard().setMimeData(data)
