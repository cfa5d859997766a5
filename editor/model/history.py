from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from editor.model.edit import Candidate
from editor.model.picture import Picture
from editor.model.ranking import Ranking
from editor.model.selection import Selection


def new_id() -> str:
    """A node id: 12 hex digits, unique without coordination between windows."""
    return secrets.token_hex(6)


@dataclass(frozen=True, eq=False)
class HistoryNode:
    """One kept idea.

    Attributes:
        id: 12 hex digits.
        parent: id of the node the edit started from; None for a root.
        picture: the pixels; None only while they are still being made (`Document` re-renders
            them from `candidates` after a crash).
        candidates: what made it: none (opened, pasted), one, or two when parts of several were
            painted together.
        opacity: Fade, 0..1.
        paint: coverage of the second candidate over the first, if two were painted together.
        selection: where the edit acted, None for everywhere.
        ranking: places of all candidates of that job, the rejected siblings included.
        siblings: every candidate of the job, in request order.
        label: plain text of the typed difference or the instruction.
        time: seconds since 1970, UTC.
        kind: "open", "edit", "paint", "crop", "import".
    """

    id: str
    parent: str | None
    picture: Picture | None
    label: str
    time: float
    candidates: tuple[Candidate, ...] = ()
    siblings: tuple[Candidate, ...] = ()
    ranking: Ranking = field(default_factory=Ranking)
    opacity: float = 1.0
    paint: Selection | None = None
    selection: Selection | None = None
    kind: str = "edit"


@dataclass(frozen=True, eq=False)
class History:
    """A frozen tree of nodes with `head` (where you are) and `trail` (what redo follows).

    Every operation returns a new History; nothing is ever removed by an edit.
    """

    nodes: Mapping[str, HistoryNode] = field(default_factory=dict)
    head: str | None = None
    trail: tuple[str, ...] = ()
    """Ids below `head` that redo visits, nearest first."""
    starred: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)

    @property
    def current(self) -> HistoryNode:
        """The node at head."""
        if self.head is None:
            raise LookupError("the history is empty")
        return self.nodes[self.head]

    def label(self, node_id: str) -> str:
        """The artist's own name of a node, else its label."""
        return self.names.get(node_id) or self.nodes[node_id].label

    def roots(self) -> tuple[str, ...]:
        """Ids without a parent, oldest first."""
        return tuple(n.id for n in self._by_time() if n.parent is None)

    def children(self, node_id: str) -> tuple[str, ...]:
        """Ids of the edits that start from a node, oldest first."""
        return tuple(n.id for n in self._by_time() if n.parent == node_id)

    def path(self, node_id: str) -> tuple[str, ...]:
        """Ids from the root to a node, both included."""
        found: list[str] = []
        step: str | None = node_id
        while step is not None:
            found.append(step)
            step = self.nodes[step].parent
        return tuple(reversed(found))

    def accept(self, node: HistoryNode) -> History:
        """Add a node under the parent its job started from; head goes there, redo is empty."""
        if node.id in self.nodes:
            raise ValueError(f"node {node.id} exists")
        if node.parent is not None and node.parent not in self.nodes:
            raise ValueError(f"parent {node.parent} is not in this history")
        return replace(self, nodes={**self.nodes, node.id: node}, head=node.id, trail=())

    def with_picture(self, node_id: str, picture: Picture) -> History:
        """Fill in a node's pixels once they are made."""
        node = replace(self.nodes[node_id], picture=picture)
        return replace(self, nodes={**self.nodes, node_id: node})

    def go(self, node_id: str) -> History:
        """Put head on any node; redo continues along the old trail if it passes there."""
        if node_id not in self.nodes:
            raise LookupError(node_id)
        if self.head is None or node_id == self.head:
            return replace(self, head=node_id)
        end = self.trail[-1] if self.trail else self.head
        way = self.path(end)
        trail = way[way.index(node_id) + 1 :] if node_id in way else ()
        return replace(self, head=node_id, trail=trail)

    @property
    def can_undo(self) -> bool:
        """True if head has a parent."""
        return self.head is not None and self.current.parent is not None

    @property
    def redo_target(self) -> str | None:
        """Where redo goes: along the trail, else to the newest child."""
        if self.trail:
            return self.trail[0]
        if self.head is None:
            return None
        children = self.children(self.head)
        return children[-1] if children else None

    def undo(self) -> History:
        """Go to the parent; the way back is remembered."""
        parent = self.current.parent
        if parent is None:
            return self
        assert self.head is not None
        return replace(self, head=parent, trail=(self.head, *self.trail))

    def redo(self) -> History:
        """Follow the trail one step."""
        target = self.redo_target
        if target is None:
            return self
        return replace(self, head=target, trail=self.trail[1:])

    def star(self, node_id: str, on: bool) -> History:
        """Set or clear a star."""
        starred = self.starred | {node_id} if on else self.starred - {node_id}
        return replace(self, starred=starred)

    def rename(self, node_id: str, name: str) -> History:
        """Give a node the artist's own name; empty takes it away."""
        return replace(self, names={**self.names, node_id: name})

    def note(self, node_id: str, text: str) -> History:
        """Write a note on a node."""
        return replace(self, notes={**self.notes, node_id: text})

    def _by_time(self) -> list[HistoryNode]:
        return sorted(self.nodes.values(), key=lambda n: (n.time, n.id))
