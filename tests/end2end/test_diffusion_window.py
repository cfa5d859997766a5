"""The real window with diffusion models, tiny ones of the true layouts: questions, Explore, Live,
new pictures, cancel in every stage, and the engine killed at random moments.

Three kills and six cancels by default; `PENTIMENTO_KILLS=20` and `PENTIMENTO_CANCELS=40` run more.
With `PENTIMENTO_STARTER=1` the starter models do the work, and the cancels come in every stage in
turn, half of them to an engine that has just begun, so that it is loading them.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from editor.storage.document import Document, verify
from tests.end2end.desktop import Desktop, missing

KILLS = int(os.environ.get("PENTIMENTO_KILLS", "3"))
CANCELS = int(os.environ.get("PENTIMENTO_CANCELS", "6"))
STAGES = ("captioning", "loading", "denoising", "scoring")
WITH_STARTER = bool(os.environ.get("PENTIMENTO_STARTER"))
STARTER = Path(__file__).parents[2] / "resources" / "models" / "starter"
LIVE = ("preparing", "asking", "running")
"""Stages of an edit that has not ended."""
WISHES = ("make it night", "make it sunset", "make it a grey day")
KEPT = ("make it winter", "make it spring", "make it autumn", "make it summer")
"""Of the sample at noon in summer; about none of them has anything to be asked."""
WORDS = "paint the swan blue"
"""The sample's caption names no swan."""

pytestmark = [
    pytest.mark.display,
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing()), reason=missing()),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if WITH_STARTER:
        return STARTER
    from tests.inference import tiny_models

    root = tmp_path_factory.mktemp("tiny") / "models"
    tiny_models.diffusion(root / "ip2p", edits=True)
    tiny_models.diffusion(root / "sd", edits=False)
    tiny_models.gpt2(root / "gpt2")
    tiny_models.open_clip(root / "clip")
    return root


@pytest.fixture
def desktop(tmp_path: Path, models: Path) -> Iterator[Desktop]:
    (tmp_path / "home").mkdir()
    shutil.copytree(models, tmp_path / "home" / "models")
    with Desktop(tmp_path) as desktop:
        yield desktop
        text = desktop.log.read_text("utf-8", "replace") if desktop.log.exists() else ""
        assert "Traceback" not in text, text


def test_words_to_pictures_and_back(desktop: Desktop) -> None:
    if not WITH_STARTER:  # how well they draw does not count
        for name in ("ip2p", "sd"):
            file = desktop.home / "models" / name / "sampling.json"
            file.write_text(json.dumps({"num_inference_steps": 5}), "utf-8")
    first = desktop.start()
    document = first["document"]
    state = desktop.until(lambda s: len(s["suggestions"]) >= 5, "suggestions")
    suggested = state["suggestions"]

    # Live: what the words would do is on the canvas, and nothing else has happened.
    desktop.key("ctrl+l")
    desktop.type("warmer")
    state = desktop.until(lambda s: s["live"], "a live preview")
    assert (state["nodes"], state["results"], state["stage"]) == (1, [], "")
    desktop.key("ctrl+a", "BackSpace")
    desktop.until(lambda s: not s["live"], "no preview without words")

    # A question: nothing runs before the answer.
    desktop.say(WORDS)
    state = desktop.until(lambda s: s["question"], "a question")
    assert state["stage"] == "asking"
    # A model without a world may find more in the picture than its caption names.
    assert (WORDS in state["question"]) != WITH_STARTER
    desktop.key("2")
    state = desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "ranked results")
    assert len(state["results"]) == 4

    # Explore: the suggestions themselves; one is kept with its own words.
    desktop.key("ctrl+l", "ctrl+a", "BackSpace", "Return")
    state = desktop.until(
        lambda s: s["stage"] == "ranked" and len(s["results"]) == len(suggested), "explored"
    )
    desktop.key("2")
    chosen = state["results"][1]
    desktop.until(lambda s: s["looked_at"] == chosen, "result 2")
    desktop.key("Return")
    desktop.until(lambda s: s["nodes"] == 2 and s["pixels"], "a kept idea")

    # A new picture from words; the document before it is whole.
    desktop.key("ctrl+shift+n")
    desktop.until(lambda s: s["document"] == "", "no document")
    desktop.say("a red house")
    desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "new pictures")
    desktop.key("Return")
    state = desktop.until(lambda s: s["nodes"] == 1 and s["pixels"], "a document of its own")
    assert state["document"] != document
    assert desktop.quit() == 0

    tree = json.loads(desktop.run("history", document, "--json"))
    kept = next(node for node in tree["nodes"] if node["id"] == tree["head"])
    assert kept["label"] in suggested
    assert kept["label"] != WORDS
    assert verify(Path(document)).ok
    assert verify(Path(state["document"])).ok


def stage_of(message: str) -> str:
    named = {
        "Loading": "loading",
        "Reading": "captioning",
        "Step": "denoising",
        "Measuring": "scoring",
    }
    return named.get(message.partition(" ")[0].rstrip(","), "between")


def test_cancel_in_every_stage(desktop: Desktop) -> None:
    rng = random.Random(os.environ.get("PENTIMENTO_SEED", "pentimento"))
    desktop.start()
    desktop.wait("engine_ready")
    desktop.until(lambda s: s["suggestions"], "suggestions")
    waits: dict[str, list[float]] = {}
    for turn in range(CANCELS):
        wanted = STAGES[turn % len(STAGES)]
        if WITH_STARTER and wanted in ("captioning", "loading"):
            renew(desktop)
        asked = len(desktop.lines("cancel_asked"))
        desktop.say(WISHES[0])
        desktop.until(lambda s: s["stage"] in ("preparing", "running"), "a job")
        if WITH_STARTER:
            # Measuring is short: its beginning is awaited, not seen.
            desktop.until(
                lambda s, w=wanted: (  # type: ignore[misc]
                    stage_of(s["message"]) == w
                    or s["stage"] == "ranked"
                    or (w == "scoring" and "20 of 20" in s["message"])
                ),
                wanted,
            )
            time.sleep(rng.uniform(0, 0.2))
        else:
            time.sleep(rng.uniform(0, 0.3 if turn < 2 else 2.0))
        before = desktop.state
        desktop.key("Escape")
        state = desktop.until(lambda s: s["stage"] not in LIVE, "an end")
        if state["message"].startswith("Cancelled"):
            stage = stage_of(before["message"])
            waits.setdefault(stage, []).extend(ended_after(desktop, asked))
        desktop.key("Escape")
    for stage, seconds in waits.items():
        worst = max(seconds, default=0)
        print(f"cancelled in {stage}: {len(seconds)} times, {worst:.2f} s at most")
    assert any(waits.values())
    # It works as if nothing had been.
    desktop.say(KEPT[0])
    desktop.until(lambda s: s["stage"] == "ranked" and len(s["results"]) == 4, "ranked results")


def running(desktop: Desktop) -> psutil.Process:
    """The engine; a new one may just be on its way."""
    while (engine := desktop.engine) is None:
        time.sleep(0.05)
    return engine


def renew(desktop: Desktop) -> None:
    """Another engine, which has loaded nothing."""
    engine, started = running(desktop), len(desktop.lines("engine_ready"))
    engine.kill()
    psutil.wait_procs([engine])
    desktop.wait("engine_ready", after=started)


def ended_after(desktop: Desktop, asked: int) -> list[float]:
    """Seconds from each cancel of what was asked for to the end of its job, if it still ran."""
    found = []
    kinds = {one["job"]: one["kind"] for one in desktop.lines("job_submitted")}
    for line in desktop.lines("cancel_asked")[asked:]:
        job = line["job"]
        ends = [one for one in desktop.lines("job_ended") if one["job"] == job]
        wanted = kinds.get(job) == "EditJob"
        if not wanted or (ends and ends[0]["clock"] < line["clock"]):
            continue
        while not ends:
            time.sleep(0.02)
            ends = [one for one in desktop.lines("job_ended") if one["job"] == job]
        found.append(ends[0]["clock"] - line["clock"])
    return found


def test_a_killed_engine_loses_nothing(desktop: Desktop) -> None:
    rng = random.Random(os.environ.get("PENTIMENTO_SEED", "pentimento"))
    path = Path(desktop.start()["document"])
    moments: Counter[str] = Counter()
    desktop.wait("engine_ready")
    for turn in range(KILLS):
        engine = running(desktop)
        started = len(desktop.lines("engine_ready"))
        desktop.say(rng.choice(WISHES))
        desktop.until(lambda s: s["stage"] in ("preparing", "running", "asking"), "a job")
        if desktop.state["stage"] == "asking":
            desktop.key("1")
        time.sleep(rng.uniform(0, 3.0))
        state = desktop.state
        moments[stage_of(state["message"]) if state["stage"] != "ranked" else "ranked"] += 1
        engine.kill()
        psutil.wait_procs([engine])
        # A new one is there, the window says what happened, and the same words work.
        desktop.wait("engine_ready", after=started)
        desktop.until(lambda s: s["stage"] not in LIVE, "an end")
        before = desktop.state["results"]  # ranked ones, if the kill came late
        desktop.key("ctrl+l")
        desktop.say(KEPT[turn % len(KEPT)])
        desktop.until(
            lambda s, b=before: (  # type: ignore[misc]
                s["stage"] == "ranked" and s["results"] != b and s["looked_at"]
            ),
            "ranked results",
        )
        nodes = desktop.state["nodes"]
        desktop.key("Return")
        desktop.until(lambda s, n=nodes: s["nodes"] > n and s["pixels"], "a kept idea")  # type: ignore[misc]
    shown = {(line["job"], line["key"]) for line in desktop.lines("shown")}
    assert desktop.quit() == 0
    assert verify(path).ok
    document = Document.open(path)
    try:
        stored = {
            (job.job, candidate.key)
            for node in document.history.nodes
            for job in document.results(node)
            for candidate in job.candidates
        }
        assert shown <= stored
        assert len(document.history.nodes) == KILLS + 1
    finally:
        document.close()
    print(f"{KILLS} kills ({dict(moments)}): {len(shown)} shown results, none lost")
