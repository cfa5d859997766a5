"""SIGKILL at random moments: nothing the document acknowledged is ever lost.

Twelve kills by default; `PENTIMENTO_KILLS=50` runs the acceptance's fifty.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from editor.storage.document import Document, verify

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("PENTIMENTO_KILLS", "12"))
ROUNDS_PER_DOCUMENT = 6


@dataclass
class Promised:
    """What children have said is safe, over all rounds on one document."""

    nodes: set[str] = field(default_factory=set)
    pixels: set[str] = field(default_factory=set)
    candidates: set[tuple[str, str, str]] = field(default_factory=set)
    stars: dict[str, bool] = field(default_factory=dict)

    def take(self, lines: list[str]) -> None:
        for line in lines:
            match line.split():
                case ["node", node]:
                    self.nodes.add(node)
                case ["pixels", node]:
                    self.pixels.add(node)
                case ["candidate", parent, job, key]:
                    self.candidates.add((parent, job, key))
                case ["star", node, on]:
                    self.stars[node] = on == "1"


def killed(folder: Path, seed: int, rng: random.Random) -> list[str]:
    """Run the child, kill it somewhere, give the whole lines it wrote."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.end2end.kill_document_child", str(folder), str(seed)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    first = child.stdout.readline()
    assert first == b"start\n", child.stderr.read().decode()[-3000:]
    # Half of the kills fall into opening and the first edits, half anywhere later.
    delay = rng.uniform(0, 0.25) if rng.random() < 0.5 else rng.uniform(0.1, 1.2)
    timer = threading.Timer(delay, child.kill)
    timer.start()
    output, complaint = child.communicate()
    timer.join()
    assert child.returncode == -9, complaint.decode()[-3000:]
    assert b"Traceback" not in complaint, complaint.decode()[-3000:]
    return output.decode().split("\n")[:-1]


@pytest.mark.timeout(1800 + 60 * KILLS)
def test_nothing_acknowledged_is_lost(tmp_path: Path) -> None:
    rng = random.Random(os.environ.get("PENTIMENTO_SEED", "pentimento"))
    promised, folder = Promised(), tmp_path
    lost_pixels = 0
    for turn in range(KILLS):
        if turn % ROUNDS_PER_DOCUMENT == 0:
            promised, folder = Promised(), tmp_path / str(turn)
            folder.mkdir()
        promised.take(killed(folder, turn, rng))
        found = list(folder.glob("*.pentimento"))
        if not found:
            assert not promised.nodes, "a document that was acknowledged is gone"
            continue
        (path,) = found
        report = verify(path)
        assert report.ok, report
        document = Document.open(path)
        try:
            assert not document.read_only, "a killed window blocks nobody"
            check(document, promised)
            lost_pixels += len(document.pending())
        finally:
            document.close()
        assert [p.name for p in folder.iterdir() if not p.name.startswith(".")] == [path.name]
    print(f"{KILLS} kills, {lost_pixels} nodes to be rendered again")


def check(document: Document, promised: Promised) -> None:
    history = document.history
    assert promised.nodes <= set(history.nodes)
    shown = {
        (parent, job.job, candidate.key)
        for parent in history.nodes
        for job in document.results(parent)
        for candidate in job.candidates
    }
    assert promised.candidates <= shown
    for node_id in promised.pixels:
        assert history.nodes[node_id].picture is not None, node_id
    for node_id, on in promised.stars.items():
        assert (node_id in history.starred) == on
    for node_id in document.pending():
        node = history.nodes[node_id]
        assert node.candidates, "what has no pixels can be made again"
        assert node.parent is not None
    for node in list(history.nodes.values())[-5:]:
        if node.picture is not None:
            node.picture.image.array()
