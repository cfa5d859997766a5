"""A 24-megapixel 16-bit picture edited, undone, redone and branched: gaps and memory of the UI.

Runs the real window (offscreen), the real engine and a real document; prints one JSON line.
    python tests/bench/large_bench.py [--edits 20] [--width 6000] [--height 4000]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
WORDS = ("warmer", "half a stop brighter", "more contrast", "lift the shadows", "moody", "cooler")


def memory() -> int:
    """Resident bytes of this process."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def make_picture(path: Path, width: int, height: int) -> None:
    """A noisy 16-bit gradient: nothing in it compresses well or repeats."""
    import numpy as np

    from editor.formats import save_image
    from editor.image import Image

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


def measure(edits: int, width: int, height: int) -> dict[str, float]:
    """Drive the window through the loop; figures in milliseconds and megabytes."""
    folder = Path(tempfile.mkdtemp(prefix="pentimento-large-"))
    os.environ["PENTIMENTO_HOME"] = str(folder)
    picture = folder / "large.tif"
    make_picture(picture, width, height)
    from app.start import Program

    program = Program([])
    app, session = program.app, program.session
    program.window.show()
    program.engine.start()
    peak = [0]
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.01):
            peak[0] = max(peak[0], memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    step = "open"
    gaps: list[float] = []
    own: list[float] = []  # processor time of the UI thread in the same spans
    last = time.perf_counter()

    def until(condition: Callable[[], bool], limit: float = 300.0) -> None:
        nonlocal last, step
        end = time.monotonic() + limit
        while not condition():
            busy = time.thread_time()
            app.processEvents()
            now = time.perf_counter()
            gaps.append(1000 * (now - last))
            own.append(1000 * (time.thread_time() - busy))
            if own[-1] > 45 and os.environ.get("SHOW"):
                print(round(own[-1]), round(gaps[-1]), step, file=sys.stderr)
            last = now
            if time.monotonic() > end:
                raise TimeoutError
            time.sleep(0.001)
            last = time.perf_counter()  # the sleep is not the program's

    last = time.perf_counter()
    program.open([str(picture)])
    until(lambda: session.image is not None)
    opened = memory()
    for number in range(edits):
        step = f"run {number}"
        session.run(WORDS[number % len(WORDS)], count=2)
        until(lambda: not session.is_busy)
        step = f"keep {number}"
        session.keep()
        until(lambda: session.image is not None)
        step = f"undo {number}"
        session.undo()
        until(lambda: session.image is not None)
        if number % 2 == 0:
            step = f"redo {number}"
            session.redo()  # else the next edit is a branch
            until(lambda: session.image is not None)
    assert session.document is not None
    until(lambda: session.document.flush(0))  # type: ignore[union-attr]
    nodes = len(session.document.history.nodes)
    stop.set()
    watcher.join()
    program.window.close()
    program.close()
    gaps.sort()
    return {
        "edits": edits,
        "nodes": nodes,
        "opened_mb": round(opened / 1e6),
        "peak_mb": round(peak[0] / 1e6),
        "gap_p99_ms": round(gaps[int(len(gaps) * 0.99)], 1),
        "gap_max_ms": round(gaps[-1], 1),
        "gaps_over_50_ms": sum(g > 50 for g in gaps),
        "own_max_ms": round(max(own), 1),
        "own_over_50_ms": sum(o > 50 for o in own),
        "load": os.getloadavg()[0],
    }


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--width", type=int, default=6000)
    parser.add_argument("--height", type=int, default=4000)
    options = parser.parse_args()
    print(json.dumps(measure(options.edits, options.width, options.height)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
