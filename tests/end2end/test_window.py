"""The real window under Xvfb, by mouse and keyboard, from opening to coming back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from app.session.open_document import samples
from editor.formats import open_image
from tests.end2end.desktop import Desktop, missing
from tests.end2end.network_recorder import connections

pytestmark = [
    pytest.mark.display,
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing()), reason=missing()),
]
PHOTOGRAPH = Path(__file__).resolve().parents[3] / "shared/data/photos/skimage/coffee.png"


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with Desktop(tmp_path) as desktop:
        yield desktop
        text = desktop.log.read_text("utf-8", "replace") if desktop.log.exists() else ""
        assert "Traceback" not in text, text
        assert "QObject" not in text, text
        assert connections(tmp_path) == []


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A photograph where there is one, else a sample."""
    source = PHOTOGRAPH if PHOTOGRAPH.is_file() else samples()[0].file
    return Path(shutil.copy(source, tmp_path / f"photograph{source.suffix}"))


def history(desktop: Desktop, document: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(desktop.run("history", document, "--json"))
    return found


def pixels(desktop: Desktop, document: str, node: str) -> NDArray[Any]:
    where = desktop.folder / f"{node}.png"
    desktop.run("export", document, "--node", node, "-o", where)
    return open_image(where).image.array()[:, :, :3]


def test_an_evening_with_a_photograph(desktop: Desktop, photograph: Path) -> None:
    first = desktop.start(photograph)
    document, root = first["document"], first["head"]
    assert first["focus"] == "prompt"

    # Say it: results come in ranking order, the best is on the canvas.
    desktop.say("warmer, and lift the shadows a little")
    state = desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "ranked results")
    results = state["results"]
    assert len(results) == 4
    assert state["looked_at"] == results[0]
    assert state["focus"] == "canvas"
    shown = {line["key"] for line in desktop.lines("shown")}
    assert shown == set(results), "shown only once it is on disk"
    assert state["nodes"] == 1, "a result is a preview until it is kept"

    # Look at the second, compare, paint the first into it, keep.
    desktop.key("2")
    desktop.until(lambda s: s["looked_at"] == results[1], "result 2")
    desktop.key("c")
    desktop.until(lambda s: s["view"] == "side", "two side by side")
    desktop.key("Escape")
    desktop.until(lambda s: s["view"] == "picture", "one picture again")
    desktop.key("p")
    state = desktop.until(lambda s: s["painting"], "painting")
    assert state["painting"] == results[0]
    assert state["tool"] == "brush"
    desktop.drag([(60, 80), (200, 120), (300, 90)])
    desktop.until(lambda s: s["painted"], "a stroke")
    desktop.key("Return")
    desktop.until(lambda s: s["nodes"] == 2 and s["pixels"], "a kept idea")
    state = desktop.until(lambda s: s["tool"] == "pan", "the hand again: the brush was only lent")
    painted = state["head"]
    assert painted != root
    assert state["words"] == ""
    assert state["picture"] == first["picture"], "the picture never moves"

    # Back, and another way: a branch.
    desktop.key("ctrl+z")
    desktop.until(lambda s: s["head"] == root, "undo")
    desktop.say("black and white with more contrast")
    desktop.until(lambda s: s["stage"] == "ranked" and s["finished"] and s["looked_at"], "results")
    desktop.key("Return")
    state = desktop.until(lambda s: s["nodes"] == 3 and s["pixels"], "a branch")
    grey = state["head"]
    desktop.until(lambda s: "branch" in s["message"], "the message that it is one")

    # A part of the picture only.
    desktop.key("m")
    desktop.until(lambda s: s["tool"] == "rectangle", "rectangle")
    desktop.drag([(100, 60), (320, 260)])
    desktop.until(lambda s: s["selection"], "a selection")
    desktop.say("two stops darker")
    desktop.until(lambda s: s["stage"] == "ranked" and s["finished"] and s["looked_at"], "results")
    desktop.key("Return")
    state = desktop.until(lambda s: s["nodes"] == 4 and s["pixels"], "an edit inside it")
    inside = state["head"]
    assert state["selection"], "it survives"

    # Esc steps out, one thing at a time, and never takes the selection.
    desktop.say("warmer")
    desktop.until(lambda s: s["stage"] in ("preparing", "running"), "a job")
    desktop.key("Escape")
    state = desktop.until(lambda s: s["stage"] != "running" and s["stage"] != "preparing", "an end")
    # On an idle machine the job may have ended before the key came.
    assert state["stage"] in ("cancelled", "ranked")
    desktop.say("cooler")
    desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "results")
    desktop.key("c")
    desktop.until(lambda s: s["view"] == "side", "two side by side")
    desktop.key("Escape")
    desktop.until(lambda s: s["view"] == "picture" and s["looked_at"], "the result again")
    desktop.key("Escape")
    state = desktop.until(lambda s: s["looked_at"] is None, "the picture itself")
    assert state["selection"]
    assert state["head"] == inside

    # Go, and come back: everything is there.
    engine = desktop.engine
    assert desktop.quit() == 0
    assert desktop.lines("ended")
    assert engine is None or not psutil.pid_exists(engine.pid) or not engine.is_running()
    assert desktop.run("verify", document)
    tree = history(desktop, document)
    parents = {node["id"]: node["parent"] for node in tree["nodes"]}
    assert parents == {root: None, painted: root, grey: root, inside: grey}
    assert tree["head"] == inside
    kept = {line["node"] for line in desktop.lines("kept")}
    assert kept == {painted, grey, inside}

    before, after = pixels(desktop, document, grey), pixels(desktop, document, inside)
    changed = np.argwhere((before != after).any(axis=2))
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert abs(int(left) - 100) <= 2
    assert abs(int(top) - 60) <= 2
    assert abs(int(right) - 319) <= 2
    assert abs(int(bottom) - 259) <= 2
    mask = np.ones(before.shape[:2], bool)
    mask[top : bottom + 1, left : right + 1] = False
    assert np.array_equal(before[mask], after[mask]), "outside stays exact"
    one, two = pixels(desktop, document, root), pixels(desktop, document, painted)
    assert not np.array_equal(one, two)

    state = desktop.start()
    assert state["document"] == document
    assert state["head"] == inside
    assert state["nodes"] == 4
    assert state["finished"], "that idea's own results came back"
    desktop.key("ctrl+alt+z")
    desktop.until(lambda s: s["head"] == grey and s["pixels"], "undo after coming back")
    assert desktop.quit() == 0


def test_refusals_and_a_cancelled_job(desktop: Desktop) -> None:
    """First run: the sample. What cannot be done is said in place, Esc ends what runs."""
    state = desktop.start()
    assert state["document"]
    desktop.say("add a flock of birds")
    state = desktop.until(lambda s: "flock" in s["message"], "a sentence")
    assert not state["stage"], "the list is as it was before"
    # The engine is stopped in its tracks, so that the job surely runs when Esc comes.
    engine = desktop.engine
    assert engine is not None
    engine.suspend()
    try:
        desktop.say("warmer")
        desktop.until(lambda s: s["stage"] == "preparing", "a job that waits")
        desktop.key("Escape")
        state = desktop.until(lambda s: not s["stage"], "what was there before")
        assert state["message"].startswith("Cancelled")
    finally:
        engine.resume()
    desktop.say("warmer")
    desktop.until(lambda s: s["stage"] == "ranked", "results after a cancelled job")
    assert desktop.quit() == 0
