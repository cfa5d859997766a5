"""The picture on the canvas as it would be written: the idea, or a result over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from app.session.session import Session
from editor.model.image import Image
from editor.model.selection import Selection
from editor.render.result_blend import ResultBlend, render_blend

if TYPE_CHECKING:  # sqlite and the codecs are loaded with the first document
    from editor.formats import SourceFile
    from editor.storage.document import Document


@dataclass(frozen=True)
class ShownPicture:
    """What is on the canvas, ready to be rendered on a worker thread.

    Attributes:
        source: the idea's pixels, or those that the result was made from.
        blend: the result over it, None for the idea itself.
        selection: where the result acts.
        opened: reads the file that an untouched idea was opened from; None where the document
            does not keep it or the picture was changed.
    """

    source: Image
    blend: ResultBlend | None
    selection: Selection | None
    opened: Callable[[], SourceFile | None]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height at full size, in pixels."""
        if self.blend is None:
            return self.source.width, self.source.height
        from editor.render.composite import output_size  # heavy: not needed to show a window

        return output_size(self.source, self.blend.first.patch)

    def render(self, cancelled: Callable[[], bool]) -> Image:
        """The pixels at full size, off the UI thread.

        Raises:
            RenderCancelled: `cancelled` said so.
        """
        if self.blend is None:
            return self.source
        return render_blend(self.source, self.blend, self.selection, cancelled=cancelled)


def shown_picture(session: Session) -> ShownPicture | None:
    """What is on the canvas now; None where there is no picture, or none yet."""
    blend, results, document, node = (
        session.view.look, session.results, session.document, session.node,
    )  # fmt: skip
    if blend is None or results is None:
        image = session.image
        if image is None or document is None or node is None:
            return None
        return ShownPicture(image, None, None, partial(_source, document, node.id))
    source = results.source
    if source is None and document is not None:
        picture = document.history.nodes[results.parent].picture
        source = picture.image if picture is not None else session.image
    if source is None:
        return None
    return ShownPicture(source, blend, results.selection, lambda: None)


def _source(document: Document, node: str) -> SourceFile | None:
    """The file a node was opened from, once the document itself is on the disk."""
    document.flush()
    return document.source(node)


def recipe_of(session: Session) -> str:
    """The words that led to the picture on the canvas, one line each, the first edit first."""
    document, node, results = session.document, session.node, session.results
    lines: list[str] = []
    if document is not None and node is not None:
        lines = [document.history.label(step) for step in document.history.path(node.id)[1:]]
    if session.view.look is not None and results is not None:
        words = results.instruction.text
        lines.append(words or results.slot(session.view.look.first.key).request.instruction.text)
    return "\n".join(lines)
