"""SIGKILL to the real window at random moments of an artist's loop: nothing it showed is lost.

Four kills by default; `PENTIMENTO_KILLS=50` runs the acceptance's fifty.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from app.session.open_document import samples
from editor.storage.document import Document, describe_document, verify
from tests.end2end.desktop import Desktop, Ended, missing

KILLS = int(os.environ.get("PENTIMENTO_KILLS", "4"))
ROUNDS_PER_DOCUMENT = 5
MOMENTS = ("opening", "asked", "running", "ranked", "compared", "painting", "kept", "undone")
"""Where in the loop a kill is aimed at, so that it does not nearly always meet a running job."""
LONGEST = 1.5
"""Seconds after its moment up to which a kill comes."""
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
    """Ends the program the hard way, some time after a moment of the loop was reached."""

    def __init__(self, desktop: Desktop, rng: random.Random) -> None:
        self.desktop = desktop
        self.done = False
        self.children: list[psutil.Process] = []
        self.moment = rng.choice(MOMENTS)
        self._turns = rng.choice((0, 0, 1))
        longest = 5 if self.moment == "opening" else LONGEST
        self._timer = threading.Timer(rng.uniform(0, longest), self._kill)

    def reached(self, moment: str) -> None:
        """Says where the loop is; the first or second time of the right moment lights the fuse."""
        if moment == self.moment and not self._timer.ident:
            self._turns -= 1
            if self._turns < 0 or moment == "opening":
                self._timer.start()

    def _kill(self) -> None:
        self.children = self.desktop.children()
        self.done = True
        self.desktop.kill()

    def join(self) -> None:
        """Wait for it, or put it out if it was never lit."""
        if self._timer.ident:
            self._timer.join()


def work(desktop: Desktop, rng: random.Random, killer: Killer) -> None:
    """The loop of the window test, for ever, in an order nobody planned."""
    for turn in itertools.count():
        nodes = desktop.state["nodes"]
        killer.reached("asked")
        desktop.say(rng.choice(PHRASES))
        desktop.until(lambda s: s["stage"] == "preparing" or s["finished"], "a job")
        killer.reached("running")
        if rng.random() < 0.1:
            desktop.key("Escape")
            continue
        state = desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "results")
        killer.reached("ranked")
        if len(state["results"]) > 1:
            desktop.key("2", "c")
            desktop.until(lambda s: s["view"] == "side", "comparison")
            killer.reached("compared")
            desktop.key("Escape", "p")
            desktop.until(lambda s: s["painting"], "painting")
            killer.reached("painting")
            if rng.random() < 0.8:
                desktop.drag([(rng.uniform(40, 400), rng.uniform(40, 400)) for _ in range(3)])
        desktop.key("Return")
        if rng.random() < 0.8:
            desktop.until(lambda s, n=nodes: s["nodes"] > n, "a kept idea")  # type: ignore[misc]
        killer.reached("kept")
        if rng.random() < 0.6:
            desktop.key("Escape", "ctrl+z")
            killer.reached("undone")
        if turn % 2 == 0:
            desktop.key("m")
            desktop.until(lambda s: s["tool"] == "rectangle", "rectangle in hand")
            desktop.drag([(60, 60), (rng.uniform(150, 400), rng.uniform(150, 400))])
            desktop.key("h")
        if rng.random() < 0.3:
            desktop.key("s", "ctrl+d")


@pytest.mark.slow
@pytest.mark.timeout(1800 + 600 * KILLS)
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
                again = promised.path is not None
                moment, took = one_round(desktop, rng, None if again else photo)
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


def one_round(desktop: Desktop, rng: random.Random, photo: Path | None) -> tuple[str, float]:
    """Start, work, be killed; returns what was going on, and how long the engine outlived it."""
    killer = Killer(desktop, rng)
    try:
        # Also takes up what the last kill left undone.
        killer.reached("opening")
        desktop.start(photo)
        work(desktop, rng, killer)
    except (Ended, subprocess.SubprocessError):
        # The window is gone: what waits for it or speaks to it fails. Anything else is a finding.
        killer.join()
        assert desktop.program is not None
        if not killer.done or desktop.program.returncode != -signal.SIGKILL:
            raise
    finally:
        killer.join()
    died = time.monotonic()
    psutil.wait_procs(killer.children)  # the engine does not outlive the window
    took = time.monotonic() - died
    return killer.moment, took


def check(promised: Promised) -> int:
    """Everything promised is there, and whole; returns how many ideas await their pixels."""
    if promised.path is None:
        assert not promised.nodes
        return 0
    report = verify(promised.path)
    assert report.ok, report
    tree = describe_document(promised.path)
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
