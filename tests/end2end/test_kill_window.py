"""SIGKILL to the real window at random moments of an artist's loop: nothing it showed is lost.

Six kills by default; `PENTIMENTO_KILLS=50` runs the acceptance's fifty.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from app.opening import samples
from editor.document import Document, describe, verify
from tests.end2end.desktop import Desktop, Ended, missing

KILLS = int(os.environ.get("PENTIMENTO_KILLS", "6"))
ROUNDS_PER_DOCUMENT = 5
LONGEST = 22.0
"""Seconds of the artist's work among which the moment of a kill is drawn."""
CHILD_PATIENCE = 10.0
"""Seconds in which the engine, alone in the world, must have ended; it takes about one."""
PHRASES = ("warmer", "a stop brighter", "more contrast", "black and white", "sepia", "moody")

pytestmark = [pytest.mark.display, pytest.mark.skipif(bool(missing()), reason=missing())]


@dataclass
class Promised:
    """What windows have traced as safe, over all rounds on one document."""

    path: Path | None = None
    nodes: set[str] = field(default_factory=set)
    shown: set[tuple[str, str]] = field(default_factory=set)

    def take(self, desktop: Desktop) -> None:
        for line in desktop.lines("kept"):
            self.nodes.add(line["node"])
        for line in desktop.lines("shown"):
            self.shown.add((line["job"], line["key"]))
        for line in desktop.lines("state"):
            if line["document"]:
                assert self.path in (None, Path(line["document"])), "opened something else"
                self.path = Path(line["document"])


class Killer:
    """Ends the program the hard way after some time, and notes who its children were."""

    def __init__(self, desktop: Desktop, delay: float) -> None:
        self.desktop = desktop
        self.done = False
        self.children: list[psutil.Process] = []
        self._timer = threading.Timer(delay, self._kill)
        self._timer.start()

    def _kill(self) -> None:
        self.children = self.desktop.children()
        self.done = True
        self.desktop.kill()

    def join(self) -> None:
        self._timer.join()


def work(desktop: Desktop, rng: random.Random) -> None:
    """The loop of the window test, for ever, in an order nobody planned."""
    for turn in itertools.count():
        nodes = desktop.state["nodes"]
        desktop.say(rng.choice(PHRASES))
        desktop.until(lambda s: s["stage"] == "preparing" or s["finished"], "a job")
        if rng.random() < 0.15:
            desktop.key("Escape")
            continue
        state = desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "results")
        # The same words on the same idea make the same results, so there may be fewer.
        if len(state["results"]) > 1 and rng.random() < 0.6:
            desktop.key("2", "c")
            desktop.until(lambda s: s["view"] == "side", "comparison")
            if rng.random() < 0.7:
                desktop.key("p")
                desktop.until(lambda s: s["painting"], "painting")
                desktop.key("Escape") if rng.random() < 0.2 else None
                across = [(rng.uniform(40, 400), rng.uniform(40, 400)) for _ in range(3)]
                desktop.drag(across)
        desktop.key("Return")
        if rng.random() < 0.8:
            desktop.until(lambda s, n=nodes: s["nodes"] > n, "a kept idea")  # type: ignore[misc]
        if rng.random() < 0.4:
            desktop.key("Escape", "ctrl+z")
        if turn % 2 == 0:
            desktop.key("m")
            desktop.until(lambda s: s["tool"] == "rectangle", "rectangle in hand")
            desktop.drag([(60, 60), (rng.uniform(150, 400), rng.uniform(150, 400))])
            desktop.key("h")
        if rng.random() < 0.3:
            desktop.key("s", "ctrl+d")


@pytest.mark.slow
@pytest.mark.timeout(120 + 90 * KILLS)
def test_a_killed_window_loses_nothing_it_showed(tmp_path: Path) -> None:
    rng = random.Random(os.environ.get("PENTIMENTO_SEED", "pentimento"))
    moments: Counter[str] = Counter()
    slowest_child, pending, kept, shown = 0.0, 0, 0, 0
    for first in range(0, KILLS, ROUNDS_PER_DOCUMENT):
        promised = Promised()
        folder = tmp_path / str(first)
        photo = folder / "picture.png"
        folder.mkdir()
        shutil.copy(samples()[first % len(samples())].file, photo)
        with Desktop(folder, size=(1100, 720)) as desktop:
            for turn in range(first, min(KILLS, first + ROUNDS_PER_DOCUMENT)):
                # Some while it opens and takes up what the last kill left undone.
                early = rng.random() < 0.2
                again = promised.path is not None
                moment, took = one_round(desktop, rng, None if again else photo, early=early)
                moments[moment] += 1
                slowest_child = max(slowest_child, took)
                promised.take(desktop)
                pending += check(promised)
                print(f"kill {turn + 1}: {moment}, engine gone after {took:.1f} s", flush=True)
        assert "Traceback" not in desktop.log.read_text("utf-8", "replace")
        kept += len(promised.nodes)
        shown += len(promised.shown)
    print(
        f"{KILLS} kills ({dict(moments)}): {kept} kept ideas and {shown} shown results, none lost; "
        f"{pending} to be made again; engine gone after {slowest_child:.1f} s at most"
    )


def one_round(
    desktop: Desktop, rng: random.Random, photo: Path | None, *, early: bool
) -> tuple[str, float]:
    """Start, work, be killed; returns what was going on, and how long the engine outlived it."""
    killer = Killer(desktop, rng.uniform(0.1, 6)) if early else None
    try:
        desktop.start(photo)
        killer = killer or Killer(desktop, rng.uniform(0.0, LONGEST))
        work(desktop, rng)
    except (Ended, subprocess.SubprocessError):
        # The window is gone: what waits for it or speaks to it fails. Anything else is a finding.
        if killer is None:
            raise
        killer.join()
        assert killer.done
    finally:
        if killer is not None:
            killer.join()
    died = time.monotonic()
    _, alive = psutil.wait_procs(killer.children, timeout=CHILD_PATIENCE)
    took = time.monotonic() - died
    for process in alive:
        process.kill()
    assert not alive, "the engine outlived the window"
    state = desktop.state
    if not state.get("drawn"):
        return "opening", took
    return (state["painting"] and "painting") or state["stage"] or "idle", took


def check(promised: Promised) -> int:
    """Everything promised is there, and whole; returns how many ideas await their pixels."""
    if promised.path is None:
        assert not promised.nodes
        return 0
    report = verify(promised.path)
    assert report.ok, report
    tree = describe(promised.path)
    ids = {node["id"] for node in tree["nodes"]}
    assert promised.nodes <= ids, promised.nodes - ids
    assert tree["head"] in ids
    document = Document.open(promised.path)
    try:
        assert not document.read_only, "a killed window blocks nobody"
        stored = {
            (job.job, candidate.key)
            for node in ids
            for job in document.results(node)
            for candidate in job.candidates
        }
        assert promised.shown <= stored, promised.shown - stored
        return len(document.pending())
    finally:
        document.close()
