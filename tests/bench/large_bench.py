"""A 24-megapixel 16-bit picture edited, undone, redone and branched: gaps and memory of the UI.

Runs the real window (offscreen), the real engine and a real document; prints one JSON line.
    python -m tests.bench.large_bench [--edits 20] [--width 6000] [--height 4000]

A gap is the wall-clock time between two returns to the event loop, as the artist feels it. The
kernel says what it consists of (`/proc/thread-self/schedstat`): the thread's own work, waiting for
a core that other threads or programs have (`core`), and the rest (`held`): the interpreter's lock,
other locks, the disk. On a virtual machine own work counts on while the host runs others: that
is `stolen` (/proc/stat, in steps of 10 ms, both cores). A process of its own that does a
little work over and over is the control arm (`control_*`). Its processor time for that does
not depend on who else wants a core; when it takes ten times as much, the machine stalls, and a
gap within a second of such a moment is counted apart (`gaps_in_stalls`). `SHOW=1` names every gap
over 50 ms.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
WORDS = ("warmer", "half a stop brighter", "more contrast", "lift the shadows", "moody", "cooler")
LIMIT_MS = 50.0

# The control arm: a process of its own that shares nothing with the program but the machine. Every
# 20 ms it does the same half millisecond of work (a copy, some text), until its input ends.
CONTROL = """
import json, sys, threading, time
ended = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
source, target = bytearray(2_000_000), bytearray(2_000_000)
def work():
    target[:] = source
    texts = {}
    for number in range(5_000):
        texts[number % 97] = str(number)
turns = []
while not ended.is_set():
    start = time.thread_time()
    work()
    turns.append((time.monotonic(), 1000 * (time.thread_time() - start)))
    time.sleep(0.02)
print(json.dumps(turns))
"""
STALL = 10.0
"""The machine stalls while the control's work takes so many times its median processor time."""


def resident() -> int:
    """Resident bytes of this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak() -> int:
    """Most resident bytes since `forget_peak`, as the kernel counts them."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024


def forget_peak() -> None:
    """Count the peak from here."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")


def make_picture(path: Path, width: int, height: int) -> None:
    """A noisy 16-bit gradient: nothing in it compresses well or repeats."""
    import numpy as np

    from editor.formats import save_image
    from editor.model.image import Image

    rng = np.random.default_rng(3)

    def rows(rect):  # type: ignore[no-untyped-def]
        x = np.arange(rect.x, rect.right)[None, :, None] / width
        y = np.arange(rect.y, rect.bottom)[:, None, None] / height
        base = 50_000 * (0.2 + 0.5 * x + 0.3 * y * np.array([1.0, 0.8, 0.6]))
        return (
            (base + rng.normal(0, 600, (rect.height, rect.width, 3)))
            .clip(0, 65535)
            .astype(np.uint16)
        )

    save_image(Image.build(width, height, 3, "uint16", rows), path)


class Loop:
    """Turns the event loop by hand and measures every turn."""

    def __init__(self, process: Callable[[], None]) -> None:
        self._process = process
        self._books = Path("/proc/thread-self/schedstat").open("rb", buffering=0)  # noqa: SIM115
        self.step = ""
        self.turns: list[tuple[float, float, float, str]] = []
        """Wall, own and core-waiting milliseconds of a turn, and the step it fell into."""
        self.long: dict[int, float] = {}
        """When a long turn ended (`time.monotonic`), by its number."""
        self.stolen: dict[int, float] = {}
        """Milliseconds the host took away in a long turn, by its number."""
        self._tick_ms = 1000 / os.sysconf("SC_CLK_TCK")
        self._stat = Path("/proc/stat").open("rb", buffering=0)  # noqa: SIM115
        self.start()

    def _spent(self) -> tuple[float, float]:
        self._books.seek(0)
        ran, waited, _ = self._books.read().split()
        return int(ran) / 1e6, int(waited) / 1e6

    def _steal(self) -> float:
        self._stat.seek(0)
        return int(self._stat.read(200).split()[8]) * self._tick_ms

    def start(self) -> None:
        """A turn begins here."""
        self._stolen = self._steal()
        self._last = (time.perf_counter(), *self._spent())

    def end(self) -> None:
        """A turn ends here."""
        wall, own, core = self._last
        spent = self._spent()
        turn = (1000 * (time.perf_counter() - wall), spent[0] - own, spent[1] - core, self.step)
        self.turns.append(turn)
        if turn[0] > LIMIT_MS:
            self.stolen[len(self.turns) - 1] = self._steal() - self._stolen
            self.long[len(self.turns) - 1] = time.monotonic()
        if turn[0] > LIMIT_MS and os.environ.get("SHOW"):
            print(
                f"{time.monotonic():.3f} {self.step}: {turn[0]:.0f} ms, own {turn[1]:.0f},"
                f" core {turn[2]:.0f}, held {turn[0] - turn[1] - turn[2]:.0f},"
                f" stolen {self.stolen[len(self.turns) - 1]:.0f}",
                file=sys.stderr,
            )

    def until(self, condition: Callable[[], bool], limit: float = 300.0) -> None:
        """Turn until something is so."""
        end = time.monotonic() + limit
        while not condition():
            self._process()
            self.end()
            if time.monotonic() > end:
                raise TimeoutError(self.step)
            time.sleep(0.001)
            self.start()  # the sleep is not the program's; what a caller does next is


def drive(loop: Loop, program, picture: Path, edits: int) -> int:  # type: ignore[no-untyped-def]
    """Open, edit, keep, undo, redo or branch; resident bytes after opening."""
    session = program.session
    loop.step = "open"
    program.open([str(picture)])
    program.warm_up()  # as when it is started by hand
    loop.until(lambda: session.image is not None)
    opened = resident()
    for number in range(edits):
        loop.step = f"run {number}"
        session.edit.run(WORDS[number % len(WORDS)], count=2)
        loop.until(lambda: not session.is_busy)
        loop.step = f"keep {number}"
        session.keep()
        loop.until(lambda: session.image is not None)
        loop.step = f"undo {number}"
        session.undo()
        loop.until(lambda: session.image is not None)
        if number % 2 == 0:
            loop.step = f"redo {number}"
            session.redo()  # else the next edit is a branch
            loop.until(lambda: session.image is not None)
    loop.step = "rest"
    loop.until(lambda: session.document.flush(0))
    return opened


def measure(edits: int, width: int, height: int, folder: Path) -> dict[str, float]:
    """Drive the window through the loop; figures in milliseconds and megabytes.

    The document in `folder` takes 2 GB; on a full disk it would wait there for ever.
    """
    os.environ["PENTIMENTO_HOME"] = str(folder)
    picture = folder / "large.tif"
    make_picture(picture, width, height)
    from app.window.program import Program

    program = Program([])
    program.window.show()
    program.engine.start()
    forget_peak()
    control = subprocess.Popen(
        [sys.executable, "-c", CONTROL], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    loop = Loop(program.app.processEvents)
    opened = drive(loop, program, picture, edits)
    alone = json.loads(control.communicate()[0])
    assert program.session.document is not None
    nodes = len(program.session.document.history.nodes)
    highest = peak()
    program.window.close()
    program.close()
    turns = loop.turns
    gaps = sorted(turn[0] for turn in turns)
    works = sorted(took for _, took in alone)
    usual = works[len(works) // 2]
    stalls = [when for when, took in alone if took > STALL * usual]
    in_stalls = sum(any(abs(end - when) < 1 for when in stalls) for end in loop.long.values())
    held = [wall - own - core for wall, own, core, _ in turns]
    return {
        "edits": edits,
        "nodes": nodes,
        "opened_mb": round(opened / 1e6),
        "peak_mb": round(highest / 1e6),
        "gap_p99_ms": round(gaps[int(len(gaps) * 0.99)], 1),
        "gap_max_ms": round(gaps[-1], 1),
        "gaps_over_50_ms": sum(gap > LIMIT_MS for gap in gaps),
        "over_50_ms_less_core": sum(wall - core > LIMIT_MS for wall, _, core, _ in turns),
        "over_50_ms_less_stolen": sum(
            turns[number][0] - stolen > LIMIT_MS for number, stolen in loop.stolen.items()
        ),
        "stolen_max_ms": round(max(loop.stolen.values(), default=0.0), 1),
        "less_core_max_ms": round(max(wall - core for wall, _, core, _ in turns), 1),
        "own_max_ms": round(max(turn[1] for turn in turns), 1),
        "core_max_ms": round(max(turn[2] for turn in turns), 1),
        "held_max_ms": round(max(held), 1),
        "control_ms": round(usual, 2),
        "control_max_ms": round(works[-1], 1),
        "control_stalls": len(stalls),
        "gaps_in_stalls": in_stalls,
        "load": round(os.getloadavg()[0], 1),
    }


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--width", type=int, default=6000)
    parser.add_argument("--height", type=int, default=4000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pentimento-large-") as folder:
        found = measure(options.edits, options.width, options.height, Path(folder))
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
