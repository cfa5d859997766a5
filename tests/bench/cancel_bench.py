"""How long a cancel takes to be heard, in every stage of a job, by the clock of who asked.

The real engine child with the starter models. Each turn runs a job up to a stage, waits a random
part of what that stage takes, cancels, and waits for the job's end. Captioning and loading are met
by a child that has just begun; measuring by one that has loaded CLIP (`scoring`) and by one that
has not (`scoring, first`). A job that ended whole within 50 ms of its cancel had ended before it
came and is not counted; one that ended whole later did not hear it, and is.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.session.open_document import samples
from editor.formats import open_image
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.ipc.client import EngineClient
from inference.request import jobs
from tests.bench.measure import Row, Times, main

STARTER = Path(__file__).resolve().parents[2] / "resources" / "models" / "starter"
COUNT = 4
TURNS = 12
LIMIT = 1.0
TOO_LATE = 0.05
ENDS = (jobs.JobFinished, jobs.JobCancelled, jobs.JobFailed)
# Stage → the longest wait after its beginning is seen; some cancels come too late by intention.
STAGES = {
    "captioning": 0.4,
    "loading": 0.6,
    "editing": 2.0,
    "scoring, first": 0.5,
    "scoring": 0.25,
}


@dataclass
class Engine:
    """A child and how far its job is."""

    home: Path
    picture: Image
    client: EngineClient = field(init=False)
    words: Instruction = field(default_factory=lambda: Instruction("make it night"))

    def __post_init__(self) -> None:
        self.client = EngineClient(self.home, models=[STARTER])
        self.client.start()
        while not self.client.is_ready:
            self.client.poll(0.1)

    def run(self, job: Any, stage: str, delay: float | None) -> tuple[list[Any], float | None]:
        """The job's events, and seconds from its cancel to its end if it came in time.

        The cancel comes `delay` seconds after the stage was seen to begin; never if that is None.
        """
        self.client.submit(job)
        events: list[Any] = []
        seen: float | None = None
        asked: float | None = None
        while True:
            due = seen is not None and delay is not None and asked is None
            wait = max(0.0, seen + delay - time.monotonic()) if due else 0.5  # type: ignore[operator]
            events += [e for e in self.client.poll(wait) if e.job_id == job.id]
            now = time.monotonic()
            if any(isinstance(e, ENDS) for e in events):
                if isinstance(events[-1], jobs.JobFailed):
                    raise RuntimeError(events[-1].message)
                took = None if asked is None else now - asked
                whole = isinstance(events[-1], jobs.JobFinished)
                return events, None if took is None or (whole and took < TOO_LATE) else took
            if seen is None and any(begins(e, stage) for e in events):
                seen = now
            if due and asked is None and now >= seen + delay:  # type: ignore[operator]
                asked = now
                self.client.cancel(job.id)

    def prepare(self, stage: str = "", delay: float | None = None) -> float | None:
        """Captions; kept for `edit`."""
        job = jobs.EditJob((self.words,), self.picture, until=jobs.Until.PREPARED)
        events, seconds = self.run(job, stage, delay)
        for event in events:
            if isinstance(event, jobs.Prepared):
                self.words = event.instruction
        return seconds

    def edit(self, seed: int, stage: str = "", delay: float | None = None) -> float | None:
        """Four candidates, scored."""
        job = jobs.EditJob((self.words,), self.picture, count=COUNT, seed=seed)
        return self.run(job, stage, delay)[1]


def begins(event: Any, stage: str) -> bool:
    """Whether an event says that a stage has begun: scoring does when the pictures are there."""
    if stage.startswith("scoring"):
        return isinstance(event, jobs.CandidateReady)
    return isinstance(event, jobs.Progress) and event.stage == stage


def waits(stage: str, turns: int, home: Path, picture: Image) -> list[float]:
    """Seconds of every cancel that came in time."""
    rng = random.Random(stage)
    found: list[float | None] = []
    engine: Engine | None = None
    for turn in range(turns):
        delay = rng.uniform(0, STAGES[stage])
        fresh = stage not in ("editing", "scoring")
        if engine is None or fresh:
            if engine is not None:
                engine.client.close()
            engine = Engine(home, picture)
            if stage != "captioning":
                engine.prepare()
            if not fresh:
                engine.edit(10_000)  # everything is loaded now
        if stage == "captioning":
            found.append(engine.prepare(stage, delay))
        else:
            found.append(engine.edit(turn, stage, delay))
    if engine is not None:
        engine.client.close()
    return [seconds for seconds in found if seconds is not None]


def collect(asked: argparse.Namespace) -> list[Row]:
    sample = next(one for one in samples() if "castle" in one.file.stem)
    picture = open_image(sample.file).image
    rows = []
    for stage in STAGES:
        with tempfile.TemporaryDirectory(prefix="bench-cancel-") as home:
            took = waits(stage, max(TURNS, asked.runs), Path(home), picture)
        if not took:
            raise RuntimeError(f"no cancel came in time in the stage {stage}")
        times = Times.of(took)
        longest = Times(times.high, times.low, times.high, times.runs)
        note = f"{times.runs} cancels, median {times.text}"
        rows.append(Row("cancel", f"{stage}, the longest", longest, None, limit=LIMIT, note=note))
    return rows


if __name__ == "__main__":
    main(collect)
