"""What comes in and goes out through the clipboard and by dropping."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from app import opening, paths
from app.changes import Message, MessageKind
from app.panels.wording import tr
from app.session import Session
from app.thumbnails import to_qimage
from editor.look import render_look

if TYPE_CHECKING:
    from app.files import Files
    from app.window import Window


class Clipboard:
    """Copies and pastes pictures, recipes and seeds; opens what is dropped."""

    def __init__(self, window: Window, files: Files) -> None:
        self.window = window
        self.session: Session = window.session
        self._files = files

    def drop(self, data: QMimeData) -> None:
        """Open what was dropped on the window."""
        for url in data.urls():
            if url.isLocalFile():
                self._files.open_path(Path(url.toLocalFile()))
                return
        if data.hasImage():
            self._open_qimage(QImage(data.imageData()), tr("Dropped picture"))

    def paste(self) -> None:
        """Open the picture in the clipboard; in a text field Qt pastes text before this."""
        data = QGuiApplication.clipboard().mimeData()
        if data.hasImage():
            self._open_qimage(QGuiApplication.clipboard().image(), tr("Pasted picture"))
        elif data.hasUrls():
            self.drop(data)
        else:
            self.session.notice(tr("There is no picture to paste."))

    def _open_qimage(self, image: QImage, label: str) -> None:
        from app.pixels import from_qimage

        pasted = from_qimage(image)  # here: QImages stay on this thread
        self._files.open_made(lambda: opening.open_pixels(pasted, label, paths.state()), None)

    def copy(self) -> None:
        """Copy what is looked at (or its selected part) to the clipboard."""
        from app.pixels import to_display

        self.window.stage.painting.commit()
        session = self.session
        image, shown, results, document = (
            session.image, session.look, session.results, session.document,
        )  # fmt: skip
        if image is None or document is None:
            return
        selection = session.selection
        source = image
        if shown is not None and results is not None:
            parent = document.history.nodes[results.parent].picture
            source = parent.image if parent is not None else image

        def make(ticket: Any) -> Any:
            made = source
            if shown is not None and results is not None:
                made = render_look(source, shown, results.selection, cancelled=ticket.cancelled)
            part = selection.bounds if selection is not None else made.bounds
            part = part.intersect(made.bounds)
            return to_display(made, made.bounds if part.is_empty else part)

        session.work.run(
            make,
            lambda pixels: QGuiApplication.clipboard().setImage(to_qimage(pixels)),
            session.fail,
        )

    def copy_seed(self) -> None:
        """The seed of the result looked at."""
        look_ = self.session.look
        if look_ is not None:
            QGuiApplication.clipboard().setText(str(look_.first.request.seed))

    def copy_request(self) -> None:
        """The recipe of the result looked at, as JSON."""
        look_ = self.session.look
        if look_ is not None:
            text = json.dumps(look_.first.request.to_json(), indent=2, ensure_ascii=False)
            QGuiApplication.clipboard().setText(text)
            self.session.say(Message(MessageKind.NOTICE, tr("Recipe copied."), seconds=4))
