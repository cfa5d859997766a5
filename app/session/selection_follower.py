from __future__ import annotations

from app.runtime.thread_pool import ThreadPool, Ticket
from app.session.changes import Changes
from app.session.document_binding import DocumentBinding
from app.session.messages import Messages
from app.session.view_state import ViewState
from editor.model.history import HistoryNode
from editor.model.selection import Selection


class SelectionFollower:
    """Lets the selection go along when the picture is turned or flipped, and back by undo.

    Where pixels moved in another way (a crop) a selection that no longer fits is dropped.
    """

    def __init__(
        self, binding: DocumentBinding, view: ViewState, work: ThreadPool, messages: Messages
    ) -> None:
        self._binding, self._view, self._work, self._messages = binding, view, work, messages
        self._node: str | None = None
        """The idea on whose picture the selection lies."""
        self._turning: tuple[Selection, str, Ticket] | None = None
        """A selection that is being turned, and the idea it was made on."""
        self._hiding = False
        """While that selection is taken off the picture."""

    def on_changed(self, changes: Changes) -> None:
        """Follow what changed in the session."""
        if changes & Changes.SELECTION and not (self._hiding and self._view.selection is None):
            self._stop()  # what was selected since counts, also if that is nothing
        if changes & (Changes.HEAD | Changes.PIXELS | Changes.DOCUMENT):
            self._follow()

    def _stop(self) -> None:
        if self._turning is not None:
            self._turning[2].cancel()
            self._turning = None

    def _follow(self) -> None:
        node, before = self._binding.node, self._node
        self._node = node.id if node is not None else None
        if node is None:
            self._stop()  # the document was closed
            return
        if before == node.id:
            self._view.fit_selection(self._binding.image)
            return
        selection = self._view.selection
        if self._turning is not None:
            selection, before, _ = self._turning
            self._stop()
        if selection is not None and before is not None and self._turn(selection, before, node):
            return
        self._view.fit_selection(self._binding.image)

    def _turn(self, selection: Selection, before: str, node: HistoryNode) -> bool:
        """Start turning a selection made on the idea `before`; False if the way has no turn."""
        from editor.render.history_orientation import orientation_between

        assert self._binding.document is not None
        nodes = self._binding.document.history.nodes
        way = orientation_between(nodes, before, node.id) if before in nodes else None
        if way is None:
            return False
        if way.is_same and self._view.selection is selection:
            return False

        def done(turned: Selection) -> None:
            self._turning = None
            self._view.set_selection(turned)
            self._view.fit_selection(self._binding.image)

        ticket = self._work.run(lambda _: way.turned(selection), done, self._messages.fail, 0)
        self._turning = (selection, before, ticket)
        self._hiding = True
        self._view.set_selection(None)
        self._hiding = False
        return True
