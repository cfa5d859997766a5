"""Jobs that write prompts about concepts, through the engine over folders of tiny models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inference.ipc.domains import STORYBOOK
from inference.ipc.picture_refs import with_refs
from inference.language import ideas
from inference.models.model_domain import write_world
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.jobs import ConceptJob, ConceptPromptsReady, JobFailed, JobFinished
from inference.workflow.engine import Engine


def run(store: ModelStore, job: ConceptJob) -> list[Any]:
    events: list[Any] = []
    Engine(store).run(job, events.append, CancelToken())
    return events


def test_each_concept_has_its_prompts_as_soon_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.inference import tiny_models

    tiny_models.gpt2(tmp_path / "gpt2")
    monkeypatch.setattr(
        ideas, "prompts_for", lambda _, concept, *rest: (f"a {concept}, soft light", "a fog")
    )
    job = ConceptJob(("boat", "owl"), 2)
    assert with_refs(job, lambda _: pytest.fail("it has no picture")) == (job, ())
    events = run(ModelStore([tmp_path]), job)
    assert isinstance(events[-1], JobFinished)
    made = [one for one in events if isinstance(one, ConceptPromptsReady)]
    assert [one.concept for one in made] == ["boat", "owl"]
    first, second = made[0].prompts
    assert (first.prompt, first.faithful, first.polished) == ("a boat, soft light", 1.0, 1)
    assert second.faithful == 0.0


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    end = run(ModelStore([tmp_path]), ConceptJob(("boat",)))[-1]
    assert isinstance(end, JobFailed)
    assert end.kind == "model_missing"
    assert "SmolLM2" in str(end.message)


def test_a_model_that_knows_edits_alone_writes_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.inference import tiny_models

    tiny_models.gpt2(tmp_path / "gpt2")
    write_world(tmp_path / "gpt2", STORYBOOK)
    monkeypatch.setattr(ideas, "domain_of_language", lambda _: object())
    end = run(ModelStore([tmp_path]), ConceptJob(("boat",)))[-1]
    assert isinstance(end, JobFailed)
    assert end.kind == "writes_no_prompts"


def test_what_one_concept_names_and_no_model_knows_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.inference import tiny_models

    def write(_: Any, concept: str, *rest: Any) -> tuple[str, ...]:
        if concept == "fox":
            raise ideas.ThingsUnknown(("fox",))
        return (f"a {concept}",)

    tiny_models.gpt2(tmp_path / "gpt2")
    monkeypatch.setattr(ideas, "prompts_for", write)
    events = run(ModelStore([tmp_path]), ConceptJob(("fox", "owl"), 1))
    assert isinstance(events[-1], JobFinished)
    made = [one for one in events if isinstance(one, ConceptPromptsReady)]
    assert [(one.concept, len(one.prompts), one.unknown) for one in made] == [
        ("fox", 0, ("fox",)),
        ("owl", 1, ()),
    ]


def test_what_the_model_that_draws_cannot_know_is_named_beside_the_prompts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chat model writes about anything, and the starter draws storybook scenes alone."""
    from tests.inference import tiny_models

    tiny_models.gpt2(tmp_path / "gpt2")
    tiny_models.diffusion(tmp_path / "drawer", edits=False)
    monkeypatch.setattr(ideas, "prompts_for", lambda _, concept, *rest: (f"a {concept}, fog",))
    job = ConceptJob(("fox", "castle"), 1)

    def unknown() -> list[tuple[str, ...]]:
        events = run(ModelStore([tmp_path]), job)
        return [one.unknown for one in events if isinstance(one, ConceptPromptsReady)]

    assert unknown() == [(), ()]
    write_world(tmp_path / "drawer", STORYBOOK)
    assert unknown() == [("fox",), ()]
