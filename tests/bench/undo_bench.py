"""Goal 15: what an edit costs in memory, and how fast undo and redo are.

Canvas 8192² RGBA. Ours: pictures share tiles, undo moves the head of a `History`, the canvas
finds the tiles that differ by identity and reads just those. Baseline: a full copy per state, undo
copies it back and the whole canvas is read again.
"""

from __future__ import annotations

import itertools
import time
from typing import Any

import numpy as np
import psutil

from editor.model.history import History, HistoryNode, new_id
from editor.model.image import Image
from editor.model.picture import Picture
from editor.model.rect import Rect
from tests.bench import measure
from tests.bench.measure import Row, Times
from tests.bench.transport_bench import SIDE, picture

WORST = Rect(1100, 2300, 1024, 1024)
"""Aligned to no tile: touches 25 of them instead of 16."""

EDITS = 100
BYTES = 1 << 20


def node(image: Image, parent: str | None) -> HistoryNode:
    return HistoryNode(new_id(), parent, Picture.of(image), "edit", time.time())


def edited(image: Image, rect: Rect, seed: int) -> Image:
    """Like a real edit: all values of the rectangle move."""
    pixels = image.read(rect)
    pixels[..., :3] += np.uint8(1 + seed % 200)
    return image.replace(rect, pixels)


def own_bytes(image: Image, parent: Image) -> int:
    """Pixels an image holds that its parent does not."""
    shared = {id(t) for t in parent.tiles}
    return sum(t.nbytes for t in image.tiles if id(t) not in shared)


class Canvas:
    """What a canvas does after undo: read again the tiles that differ from what it shows."""

    def __init__(self, image: Image) -> None:
        self.shown = image
        self.read = 0

    def show(self, image: Image) -> None:
        old, new = self.shown.tiles, image.tiles
        self.read = 0
        for index, (a, b) in enumerate(zip(old, new, strict=True)):
            if a is not b:
                row, column = divmod(index, image.columns)
                self.read += image.read(image.tile_rect(column, row)).nbytes
        self.shown = image


def undo_and_redo(first: Image, runs: int) -> list[Row]:
    second = edited(first, WORST, 7)
    root = node(first, None)
    history = History().accept(root)
    history = history.accept(node(second, root.id))
    canvas = Canvas(second)
    full = {"before": first.array(), "after": second.array()}
    work = full["after"].copy()

    def ours() -> None:
        for step in (history.undo(), history.undo().redo()):
            picture_now = step.current.picture
            assert picture_now is not None
            canvas.show(picture_now.image)
            assert canvas.read

    def copies() -> None:
        for name in ("before", "after"):
            np.copyto(work, full[name])
            assert work.copy().nbytes  # the canvas takes the picture over again

    rows = []
    for clock, what in ((time.perf_counter, ""), (time.thread_time, ", processor time")):
        times = measure.alternate({"ours": ours, "copies": copies}, runs=3 * runs, clock=clock)
        half = {n: Times(t.median / 2, t.low / 2, t.high / 2, t.runs) for n, t in times.items()}
        rows.append(
            Row(
                "15",
                f"undo or redo of a 1024² edit, changed region read again{what}",
                half["ours"],
                half["copies"],
                target=50,
                limit=0.002,
                note="each run is an undo and a redo, halved; baseline copies the state back and"
                " once more for the canvas",
            )
        )
    mine = own_bytes(second, first)
    memory = Row(
        "15",
        "memory of a 1024² edit, worst alignment",
        Times.of([mine / BYTES], measure.MIB),
        Times.of([first.nbytes / BYTES], measure.MIB),
        target=40,
    )
    return [memory, *rows]


def hundred_edits(first: Image) -> Row:
    """A hundred edits at random places, all kept; what the process grew by."""
    random = np.random.default_rng(4)
    process = psutil.Process()
    before = process.memory_info().rss
    kept = [first]
    for seed in range(EDITS):
        x, y = (int(v) for v in random.integers(0, SIDE - 1024, 2))
        kept.append(edited(kept[-1], Rect(x, y, 1024, 1024), seed))
    grown = process.memory_info().rss - before
    counted = sum(own_bytes(b, a) for a, b in itertools.pairwise(kept))
    return Row(
        "15",
        f"{EDITS} edits kept in memory",
        Times.of([grown / BYTES], measure.MIB),
        Times.of([EDITS * first.nbytes / BYTES], measure.MIB),
        limit=0.7 * 1024,
        note=f"resident set; {counted / BYTES:.0f} MiB of tiles. A document lets go of written"
        " tiles (see goal 17), so this is the bound without any spilling",
    )


def collect(asked: Any) -> list[Row]:
    first = Image.from_array(picture(SIDE))
    return [hundred_edits(first), *undo_and_redo(first, asked.runs)]


if __name__ == "__main__":
    measure.main(collect)
