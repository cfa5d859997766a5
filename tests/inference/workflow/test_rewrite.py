"""Jobs that rewrite captions, through the engine over folders of tiny models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.model.image import Image
from inference.ipc.domains import STORYBOOK
from inference.language import rewrite as rewriting
from inference.language.direction import Direction
from inference.models.model_domain import write_world
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.jobs import (
    JobFailed,
    PathStep,
    QuestionAsked,
    RewriteJob,
    RewriteReady,
    RewriteText,
)
from inference.workflow.engine import Engine

BOATS = "a wooden boat and a red buoy on a calm lake"
NIGHT = f"{BOATS}, at night"
NOISE = Image.from_array(np.random.default_rng(0).integers(0, 256, (60, 90, 3), np.uint8))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GPT-2 and a text-to-image model of random weights."""
    from tests.inference import tiny_models

    root = tmp_path_factory.mktemp("models")
    tiny_models.gpt2(root / "gpt2")
    return root


def run(store: ModelStore, job: RewriteJob) -> list[Any]:
    events: list[Any] = []
    Engine(store).run(job, events.append, CancelToken())
    return events


def failure(events: list[Any]) -> JobFailed:
    end = events[-1]
    assert isinstance(end, JobFailed)
    return end


def test_an_answered_request_is_rewritten_by_its_plain_target(folder: Path) -> None:
    job = RewriteJob("make it night", caption=BOATS, target=NIGHT)
    ready = next(e for e in run(ModelStore([folder]), job) if isinstance(e, RewriteReady))
    assert (ready.caption, ready.plain_target) == (BOATS, NIGHT)
    assert NIGHT in [one.prompt for one in ready.options]
    assert BOATS not in [one.prompt for one in ready.options]
    assert ready.methods == ()  # nothing here can draw


def test_an_order_that_points_at_one_of_several_things_is_asked_about(folder: Path) -> None:
    job = RewriteJob("remove it", caption=BOATS)
    asked = next(e for e in run(ModelStore([folder]), job) if isinstance(e, QuestionAsked))
    assert asked.question.answers == ("remove the boat", "remove the buoy", "remove the lake")


def test_readings_that_differ_are_asked_about(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inference.language import directions

    readings = (Direction(BOATS, NIGHT), Direction(BOATS, f"{BOATS}, in the dark"))
    monkeypatch.setattr(directions, "directions", lambda *_: readings)
    store = ModelStore([folder])
    (asked,) = [
        e for e in run(store, RewriteJob("darken", caption=BOATS)) if type(e) is QuestionAsked
    ]
    assert [one.target_prompt for one in asked.question.instructions] == [
        NIGHT,
        readings[1].target_prompt,
    ]
    events = run(store, RewriteJob("darken", caption=BOATS, ask=False))
    assert [type(e) for e in events if isinstance(e, QuestionAsked | RewriteReady)] == [
        RewriteReady
    ]


def test_without_a_model_that_knows_the_picture_it_says_what_is_missing(tmp_path: Path) -> None:
    assert (
        failure(run(ModelStore([tmp_path]), RewriteJob("warmer", caption=BOATS))).kind
        == "model_missing"
    )
    from tests.inference import tiny_models

    tiny_models.gpt2(tmp_path / "gpt2")
    write_world(tmp_path / "gpt2", STORYBOOK)
    end = failure(run(ModelStore([tmp_path]), RewriteJob("warmer", NOISE, BOATS)))
    assert end.kind == "model_missing"
    assert "SmolLM2" in str(end.message)


def test_nobody_says_what_the_picture_shows(folder: Path) -> None:
    assert failure(run(ModelStore([folder]), RewriteJob("warmer", NOISE))).kind == "not_understood"


def test_text_streams_and_earlier_turns_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: list[str] = []

    def answers(language: Any, question: str, count: int, *_: Any, on_text: Any) -> Any:
        questions.append(question)
        on_text(("a wooden boat", "a boat"))
        return tuple(f"{NIGHT}, {number} stars" for number in range(count))

    monkeypatch.setattr(rewriting, "sample_answers", answers)
    monkeypatch.setattr(rewriting, "context_of", lambda _: 4096)
    path = (PathStep("", BOATS), PathStep("let it rain", f"{BOATS} in the rain"))
    job = RewriteJob("make it night", caption=f"{BOATS} in the rain", target=NIGHT, path=path)
    events = run(ModelStore([folder]), job)
    assert [e.texts for e in events if isinstance(e, RewriteText)] == [("a wooden boat", "a boat")]
    assert len(next(e for e in events if isinstance(e, RewriteReady)).options) == 4
    assert f"Prompt: {BOATS}\nAsked: let it rain" in questions[0]
