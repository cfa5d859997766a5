from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.runtime.thread_pool import ThreadPool, Ticket
from editor.model.image import Image
from editor.model.picture import Picture
from editor.render.result_blend import ResultBlend, render_blend

if TYPE_CHECKING:
    from editor.storage.document import Document

ROOM_SECONDS = 120.0


class NodeRenderer:
    """The pixels of a document's kept ideas: rendered at full size and depth, then stored."""

    def __init__(
        self,
        document: Document,
        work: ThreadPool,
        on_made: Callable[[], None],
        on_failed: Callable[[str, BaseException], None],
    ) -> None:
        """Args: `on_made` when an idea has pixels; `on_failed(node id, error)` if it gets none."""
        self._document = document
        self._work = work
        self._on_made = on_made
        self._on_failed = on_failed
        self._waiting: dict[str, list[Callable[[Image], None]]] = {}
        self._rendering: dict[str, Ticket] = {}

    def when_made(self, node_id: str, then: Callable[[Image], None]) -> None:
        """Call with the idea's image, now if it is there, else once it is."""
        picture = self._document.history.nodes[node_id].picture
        if picture is not None:
            then(picture.image)
        else:
            self._waiting.setdefault(node_id, []).append(then)

    def make(self, node_id: str) -> None:
        """Render an accepted idea once its parent has pixels, and store it."""
        document = self._document
        node = document.history.nodes[node_id]
        assert node.parent is not None
        look = ResultBlend.of_node(node)

        def begin(source: Image) -> None:
            def render(ticket: Ticket) -> Image:
                # Accepting faster than the disk writes must not pile up pictures in memory.
                end = time.monotonic() + ROOM_SECONDS
                while not ticket.cancelled() and time.monotonic() < end:
                    if document.wait_for_room(0.5):
                        break
                return render_blend(source, look, node.selection, cancelled=ticket.cancelled)

            self._rendering[node_id] = self._work.run(render, made, failed, priority=1)

        def made(image: Image) -> None:
            self._rendering.pop(node_id, None)
            document.complete(node_id, Picture.of(image))
            self._on_made()
            for then in self._waiting.pop(node_id, ()):
                then(image)

        def failed(error: BaseException) -> None:
            self._rendering.pop(node_id, None)
            self._waiting.pop(node_id, None)
            self._on_failed(node_id, error)

        self.when_made(node.parent, begin)

    def end(self) -> None:
        """The document is left: an idea unfinished is made when it opens again."""
        self._waiting.clear()
        for ticket in self._rendering.values():
            ticket.cancel()
        self._rendering.clear()
