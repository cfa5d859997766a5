"""Groups that several methods made of one instruction, ranked together as the window does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.model.score import Score
from editor.render import composite
from inference.lab.evaluation.ranking.groups import STREAM, Group, GroupMember
from inference.lab.storybook.gold_edits import gold_edits
from inference.lab.storybook.instructions import instruct
from inference.lab.storybook.render import render
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob
from inference.request.jobs import CandidateReady, Event, JobFailed, ScoreReady
from inference.request.registry import method
from inference.workflow.engine import Engine

METHODS: Final = ("instruct_pix2pix", "sdedit", "prompt_to_prompt", "pix2pix_zero")
EACH: Final = 2
"""Candidates of each method."""

SIDE: Final = 384
"""From this side on damage is measured."""


def missing_methods(models: ModelStore) -> list[str]:
    """Methods of these groups whose models are not there."""
    return [name for name in METHODS if models.missing(method(name))]


def mixed_groups(
    models: ModelStore, count: int, seed: int, *, steps: int, side: int = SIDE
) -> Iterator[tuple[Group, list[Score]]]:
    """Groups of `EACH` candidates of every method, with the scores that the program gives them.

    Group i depends on seed and i only. The captions are the true ones; seeds, guidance and the rest
    vary as the program varies them.

    Raises:
        RuntimeError: a job failed.
    """
    engine = Engine(models)
    for i, (edit, before, after) in enumerate(gold_edits(count, seed, STREAM + 2)):
        rng = np.random.default_rng((STREAM, seed, i, 3))
        pixels = render(edit.source, side)
        source = Image.from_array(pixels)
        job = EditJob(
            (Instruction(instruct(edit, rng).text, before, after),),
            source,
            methods=METHODS,
            count=EACH * len(METHODS),
            seed=1000 * i,
            settings=settings_of({"num_inference_steps": steps}),
            ask=False,
        )
        made, scores = _results(engine, job)
        entries = tuple(
            GroupMember(one.request.method, composite.render(source, one.patch, None).array())
            for one in made.values()
        )
        yield Group(edit, pixels, before, after, entries), _numbered(made, scores)


def _results(engine: Engine, job: EditJob) -> tuple[dict[str, Candidate], dict[str, Score]]:
    """Candidates and scores of a job by key, the candidates in their order."""
    made: dict[str, Candidate] = {}
    scores: dict[str, Score] = {}

    def take(event: Event) -> None:
        if isinstance(event, CandidateReady):
            made[event.candidate.key] = event.candidate
        elif isinstance(event, ScoreReady):
            scores[event.score.key] = event.score
        elif isinstance(event, JobFailed):
            raise RuntimeError(f"{event.message} {event.details}")

    engine.run(job, take, CancelToken())
    return made, scores


def _numbered(made: dict[str, Candidate], scores: dict[str, Score]) -> list[Score]:
    """The scores in the order of the candidates, with their numbers as keys."""
    numbers = {key: str(i) for i, key in enumerate(made)}
    return [
        replace(scores[key], key=number, alike=tuple(numbers[one] for one in scores[key].alike))
        for key, number in numbers.items()
    ]
