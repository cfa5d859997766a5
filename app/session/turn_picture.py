from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from app.session.current_results import CurrentResults, results_of_head
from app.session.document_binding import DocumentBinding
from app.session.view_state import ViewState
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.history import HistoryNode, new_id
from editor.model.patch import Patch, settings_of
from inference.methods.adjust import INFO as ADJUST

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.storage.document import Document

TURNS: Final[dict[str, dict[str, Any]]] = {
    "rotate left": {"quarter_turns": 3},
    "rotate right": {"quarter_turns": 1},
    "rotate by 180 degrees": {"quarter_turns": 2},
    "flip horizontally": {"flip_horizontal": True},
    "flip vertically": {"flip_horizontal": True, "quarter_turns": 2},
}
"""Settings of `adjust` by words that it reads in the same way."""


class TurnPicture:
    """Turns and flips the current picture: an idea that is kept at once, exact at any depth.

    Pixels are made on worker threads. A turn asked for while those of the last one are still
    being made waits for them.
    """

    def __init__(
        self,
        binding: DocumentBinding,
        results: CurrentResults,
        view: ViewState,
        kept: Callable[[HistoryNode], None],
    ) -> None:
        """`kept(node)` is called once an idea is on disk."""
        self._binding, self._results, self._view = binding, results, view
        self._kept = kept
        self._waiting: deque[str] = deque()
        self._document: Document | None = None

    def turn(self, words: str) -> None:
        """Turn or flip the current picture; `words` is one of `TURNS`."""
        if self._binding.document is None or not self._binding.may_write():
            return
        if self._document is not self._binding.document:
            self._document = self._binding.document
            self._waiting.clear()
        self._waiting.append(words)
        self._go_on()

    def _go_on(self) -> None:
        document, node, image = self._binding.document, self._binding.node, self._binding.image
        if not self._waiting or document is None or node is None:
            return
        if document is not self._document:
            return
        if image is None:
            self._binding.when_rendered(node.id, lambda _: self._go_on())
            return
        words = self._waiting.popleft()
        settings = settings_of(TURNS[words])
        request = EditRequest(
            image.pixel_digest, None, Instruction(words), ADJUST.name, ADJUST.version, settings
        )
        candidate = Candidate(request, Patch(settings))
        idea = HistoryNode(
            id=new_id(),
            parent=node.id,
            picture=None,
            label=words[:1].upper() + words[1:],
            time=time.time(),
            candidates=(candidate,),
            siblings=(candidate,),
        )
        future = self._binding.accept(idea)
        if not self._results.is_busy:
            self._view.show_current()
            self._results.value = results_of_head(document)
        self._binding.when_durable(future, lambda: self._kept(idea))
        self._go_on()
