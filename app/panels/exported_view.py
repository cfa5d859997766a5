"""A picture beside the file it would be written to, at 100 % on the canvas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.canvas.canvas import Canvas
from app.canvas.pyramid import ImagePyramid
from app.canvas.result_provider import picture_provider
from app.canvas.view import View
from app.canvas.viewport import ViewMode
from app.i18n.file_sizes import file_size_text
from app.i18n.texts import tr
from editor.model.image import Image


@dataclass(frozen=True, eq=False)
class ExportedPicture:
    """A picture and what a reader of its file gets.

    Attributes:
        original: the pixels at the size of the file, in their own colours.
        encoded: the pixels decoded from the file.
        format: what people call the file's format.
        size: of the file in bytes.
    """

    original: Image
    encoded: Image
    format: str
    size: int


class ExportedView:
    """Puts both on the canvas; what the canvas showed comes back with its zoom and place."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.picture: ExportedPicture | None = None
        """What is shown, None for nothing."""
        self._providers: tuple[ImagePyramid, ImagePyramid] | None = None
        self._back: _Back | None = None

    def put_on_canvas(self) -> bool:
        """Show original and file, if there are any; False where there is none."""
        if self._providers is None:
            return False
        original, encoded = self._providers
        self._canvas.set_picture(encoded)
        self._canvas.set_before(original)
        return True

    def begin(self, picture: ExportedPicture) -> None:
        """Show a file: the first one at 100 % with the wipe's line, others of its size as it."""
        canvas, old, first = self._canvas, self._providers, self._back is None
        size = None if canvas.picture is None else canvas.picture.size
        if first:
            self._back = _Back(canvas.view, canvas.place, size)
        self.picture = picture
        self._providers = picture_provider(picture.original), picture_provider(picture.encoded)
        self.put_on_canvas()
        if first:
            canvas.set_view("wipe")
        if first or size != (picture.encoded.width, picture.encoded.height):
            canvas.zoom_to(100)
        _close(old)

    def drop(self, show: Callable[[], None]) -> None:
        """The picture is another one now: it is shown until its file has been made.

        Args:
            show: puts on the canvas what it shows without a file.
        """
        old, self._providers, self.picture = self._providers, None, None
        show()
        _close(old)

    def end(self, show: Callable[[], None]) -> None:
        """Show no file; `show` as in `drop`."""
        back, self._back = self._back, None
        self.drop(show)
        if back is None:
            return
        if self._canvas.view == "wipe":  # else the artist looks in another way by now
            self._canvas.set_view(back.view)
        if self._canvas.picture is not None and self._canvas.picture.size == back.size:
            self._canvas.set_place(back.place)

    def title(self) -> tuple[str, str]:
        """Which side is which, and how large the file is; "" where it is not seen."""
        picture, view = self.picture, self._canvas.view
        if picture is None or view not in ("picture", "wipe"):
            return "", ""
        words = tr("Original left, {0} right") if view == "wipe" else tr("As {0}")
        return words.format(picture.format), file_size_text(picture.size)


@dataclass(frozen=True)
class _Back:
    """How the canvas was looked at before; `size` is that of its picture."""

    view: ViewMode
    place: View
    size: tuple[int, int] | None


def _close(providers: tuple[ImagePyramid, ImagePyramid] | None) -> None:
    for provider in providers or ():
        provider.close()
