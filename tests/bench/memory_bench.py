"""Memory of the UI process in a long session: 600 actions with 60 edits.

The real window (offscreen) works on a real document of 768 × 768 pixels. Models are made up and
answer from this process, so that every run does the same. An edit is ten actions: words, run, look
at another result, another view and back, zoom, keep, and two that vary: selections, undo and
branches, pages, the map, the command field. The figure is the resident set after all actions
against the one after half of them; what a cache may hold is full by then.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtWidgets import QApplication

from app.runtime.gui_gc import GuiGarbageCollector
from app.runtime.memory import limit_arenas
from inference.ipc.domains import register_domains
from tests.bench import measure
from tests.bench.measure import MIB, Row, Times
from tests.characterisation.window.driver import Driver, ramp
from tests.characterisation.window.steps import Step, Steps

EDITS = 60
SIDE = 768
GOAL = 1.05
MIB_BYTES = 1 << 20
TONES = ("warmer", "cooler", "half a stop brighter", "more contrast", "lift the shadows", "moody")
PAINTED = ("make it night", "let it snow", "make it winter", "as a watercolour")
VIEWS = ("Y", "C", "G", "D")
OTHERS: tuple[tuple[Step, Step], ...] = (
    (("key", "F1"), ("key", "Esc")),
    (("action", "tool_rectangle"), ("draw", [(20, 20), (60, 40), (110, 90)])),
    (("key", "Ctrl+Z"), ("key", "Ctrl+Shift+Z")),
    (("key", "F7"), ("key", "F7")),
    (("key", "Ctrl+Z"), ("key", "Ctrl+D")),  # the next edit is a branch, without a selection
    (("key", "Ctrl+K"), ("key", "Esc")),
)
ROUND = len(OTHERS) * 2
"""After so many edits everything has happened at least once."""


def steps_of(number: int) -> list[Step]:
    """The ten actions of one edit."""
    painted = number % 3 == 2
    words = PAINTED[number // 3 % len(PAINTED)] if painted else TONES[number % len(TONES)]
    return [
        ("words", words),
        ("key", "Return"),
        ("key", "2"),
        ("key", VIEWS[number % len(VIEWS)]),
        ("action", "view_picture"),
        ("wheel", 2 if number % 2 else -1),
        ("key", "Ctrl+0"),
        ("key", "Return"),
        *OTHERS[number % len(OTHERS)],
    ]


class LongSession:
    """The window with a document, and edits without end."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, side: int = SIDE) -> None:
        noise = np.random.default_rng(0).integers(-12, 12, (side, side, 3))
        pixels = (ramp(side, side) + noise).clip(0, 255).astype(np.uint8)
        Pillow.fromarray(pixels).save(folder / "picture.png")
        self.driver = Driver(folder, patch, settings={"live": "on"})
        self._steps = Steps(self.driver)
        self._collector = GuiGarbageCollector()
        self._edits = 0
        self.driver.settle()
        self._steps.do(("open", "picture.png"))

    def edit(self, times: int) -> None:
        """So many edits more."""
        for _ in range(times):
            for step in steps_of(self._edits):
                self._steps.do(step)
                self._collector.check()  # its own timer stands still in these sessions
            self._edits += 1
        assert not self.driver.errors, self.driver.errors

    def close(self) -> None:
        """Close the window and everything else."""
        self._collector.stop()
        self.driver.close()


@contextmanager
def session(folder: Path, patch: pytest.MonkeyPatch, side: int = SIDE) -> Iterator[LongSession]:
    """A session that is closed at the end."""
    found = LongSession(folder, patch, side)
    try:
        yield found
    finally:
        found.close()


def resident() -> int:
    """Resident bytes of this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def collect(asked: argparse.Namespace) -> list[Row]:
    """One run: it is the same every time."""
    del asked
    app = QApplication.instance() or QApplication([])
    limit_arenas()
    register_domains()
    with (
        tempfile.TemporaryDirectory(prefix="memory-") as name,
        pytest.MonkeyPatch.context() as patch,
    ):
        folder = Path(name)
        (folder / "home").mkdir()
        patch.setenv("PENTIMENTO_HOME", str(folder / "home"))
        patch.setenv("PENTIMENTO_MODELS", str(folder / "no-models"))
        with session(folder, patch) as long:
            begin = resident()
            long.edit(EDITS // 2)
            half = resident()
            long.edit(EDITS - EDITS // 2)
            end = resident()
    app.processEvents()
    return [
        Row(
            "memory",
            f"UI process after {10 * EDITS} actions, {SIDE} px, against half of them",
            Times.of([end / MIB_BYTES], MIB),
            Times.of([half / MIB_BYTES], MIB),
            target=GOAL,
            better="less",
            note=f"{begin / MIB_BYTES:.0f} MiB with the picture open",
        )
    ]


if __name__ == "__main__":
    measure.main(collect)
