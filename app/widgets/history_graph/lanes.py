"""Where the history's nodes stand: one lane of 16 px per branch, the trail always in the first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.widgets.prompt.diff import DiffSpan

MOST_LANES: Final = 3  # the trail and two branches beside it; what is deeper folds into one row


@dataclass(frozen=True, eq=False)
class HistoryRow:
    """A node of the history, oldest first.

    Attributes:
        id: handed out by signals.
        parent: id of the parent, "" for a root.
        spans: what the edit changed, or the file's name.
        time: as shown, "14:15".
        aspect: width / height of the picture, for the room its thumbnail will take.
        on_trail: on the way from the root to where redo would lead.
        here: the node shown on the canvas.
        starred: starred by the artist.
        name: the branch's name, if it has one.
        note: the artist's note.
        made: method and models that made it; "" without models.
        folded: number of ideas folded into this row; 0 for a node.
    """

    id: str
    parent: str
    spans: tuple[DiffSpan, ...]
    time: str = ""
    aspect: float = 16 / 9
    on_trail: bool = False
    here: bool = False
    starred: bool = False
    name: str = ""
    note: str = ""
    made: str = ""
    folded: int = 0


@dataclass(frozen=True)
class Lanes:
    """The graph beside one row.

    Attributes:
        lane: column of the node, 0 = the trail.
        up: the node is joined to the row above in its own lane.
        down: … and below.
        bend: lane of the parent from which a curve comes, or -1.
        through: lanes that pass by.
        trail_until: True if the trail's thick line continues below this row in lane 0.
        trail_up: the same above.
    """

    lane: int
    up: bool = False
    down: bool = False
    bend: int = -1
    through: tuple[int, ...] = ()
    trail_up: bool = False
    trail_down: bool = False


def lay_out(
    rows: Sequence[HistoryRow], unfolded: Collection[str] = ()
) -> tuple[list[HistoryRow], list[Lanes]]:
    """Folds what is too deep and gives every remaining row its place in the graph.

    Args:
        rows: nodes, parents before children.
        unfolded: ids of branches the artist has opened.

    Returns:
        Rows as shown, and the graph beside each.
    """
    lanes = _assign(rows)
    shown = _fold(rows, lanes, set(unfolded))
    placed = _assign(shown) if len(shown) != len(rows) else lanes
    return shown, _graph(shown, placed)


def _chains(rows: Sequence[HistoryRow]) -> dict[str, str]:
    """Returns for every node the id of the first node of its chain."""
    leader: dict[str, str] = {}
    taken: set[str] = set()  # parents whose chain already goes on
    known = {row.id: row for row in rows}
    for row in rows:
        parent = known.get(row.parent)
        on = parent is not None and row.parent not in taken
        if on and parent is not None and (parent.on_trail == row.on_trail):
            leader[row.id] = leader[row.parent]
            taken.add(row.parent)
        else:
            leader[row.id] = row.id
    return leader


def _assign(rows: Sequence[HistoryRow]) -> dict[str, int]:
    """Gives every chain the lowest lane that is free for as long as it needs one."""
    place = {row.id: n for n, row in enumerate(rows)}
    leader = _chains(rows)
    last: dict[str, int] = {}
    for row in rows:
        last[leader[row.id]] = max(last.get(leader[row.id], 0), place[row.id])
        if row.parent in leader:  # a chain reaches down to the last child that bends off it
            chain = leader[row.parent]
            last[chain] = max(last[chain], place[row.id])
    trail = next((leader[row.id] for row in rows if row.on_trail), "")
    busy: list[int] = []  # per lane, the last row it is needed for
    lane_of: dict[str, int] = {}
    for row in rows:
        chain = leader[row.id]
        if chain in lane_of:
            continue
        if chain == trail or not row.parent:
            lane_of[chain] = 0
            continue
        start, lane = place[row.id], 1
        while lane <= len(busy) and busy[lane - 1] >= start:
            lane += 1
        if lane > len(busy):
            busy.append(-1)
        busy[lane - 1] = last[chain]
        lane_of[chain] = lane
    return {row.id: lane_of[leader[row.id]] for row in rows}


def _fold(
    rows: Sequence[HistoryRow], lanes: dict[str, int], unfolded: set[str]
) -> list[HistoryRow]:
    """Replaces branches beyond the last lane by one row each: "Ivory, 3 ideas"."""
    inside: dict[str, str] = {}  # node to the first node of the fold it is in
    count: dict[str, int] = {}
    keep = {row.id for row in rows if row.here or row.on_trail}
    for row in rows:
        top = inside.get(row.parent)
        if top is None and lanes[row.id] >= MOST_LANES and row.id not in unfolded | keep:
            top = row.id
        if top is not None:
            inside[row.id] = top
            count[top] = count.get(top, 0) + 1
    out = list[HistoryRow]()
    for row in rows:
        if row.id not in inside:
            out.append(row)
        elif inside[row.id] == row.id:
            out.append(row if count[row.id] == 1 else replace(row, folded=count[row.id]))
    return out


def _graph(rows: Sequence[HistoryRow], lane_of: dict[str, int]) -> list[Lanes]:
    place = {row.id: n for n, row in enumerate(rows)}
    vertical: dict[int, set[int]] = {}  # lane -> rows r whose gap to r+1 carries its line
    trail_gaps: set[int] = set()
    bends: dict[str, int] = {}
    for row in rows:
        if row.parent not in place:
            continue
        mine, theirs = lane_of[row.id], lane_of[row.parent]
        start, end = place[row.parent], place[row.id]
        vertical.setdefault(theirs, set()).update(range(start, end))
        if mine != theirs:
            bends[row.id] = theirs
        if row.on_trail and rows[start].on_trail:
            trail_gaps.update(range(start, end))
    out = []
    for n, row in enumerate(rows):
        lane = lane_of[row.id]
        # A curve ends in its row, so the parent's line is needed only down to the bend.
        through = tuple(
            other
            for other, gaps in sorted(vertical.items())
            if other != lane and n in gaps and n - 1 in gaps
        )
        out.append(
            Lanes(
                lane=lane,
                up=n - 1 in vertical.get(lane, set()) and row.id not in bends,
                down=n in vertical.get(lane, set()),
                bend=bends.get(row.id, -1),
                through=through,
                trail_up=n - 1 in trail_gaps,
                trail_down=n in trail_gaps,
            )
        )
    return out
