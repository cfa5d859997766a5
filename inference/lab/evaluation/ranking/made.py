"""Candidates made by InstructPix2Pix with the program's own engine."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.render import composite
from inference.lab.evaluation.ranking.groups import STREAM, Group, GroupMember
from inference.lab.storybook.gold_edits import gold_edits
from inference.lab.storybook.instructions import instruct
from inference.lab.storybook.render import render
from inference.methods.instruct_pix2pix import INFO as INSTRUCT_PIX2PIX
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Until
from inference.request.jobs import (
    CandidateReady,
    Event,
    JobFailed,
)
from inference.workflow.engine import Engine

METHOD = INSTRUCT_PIX2PIX.name


def made_groups(
    models: ModelStore, count: int, seed: int, *, steps: int, candidates: int = 8, side: int = 128
) -> Iterator[Group]:
    """Groups of what the model made of an instruction; only a judge can rate them.

    Raises:
        RuntimeError: a job failed.
    """
    engine = Engine(models)
    for i, (edit, before, after) in enumerate(gold_edits(count, seed, STREAM + 1)):
        rng = np.random.default_rng((STREAM, seed, i, 2))
        pixels = render(edit.source, side)
        source = Image.from_array(pixels)
        words = Instruction(instruct(edit, rng).text, before, after)
        job = EditJob(
            (words,),
            source,
            methods=(METHOD,),
            count=candidates,
            seed=1000 * i,
            settings=settings_of({"num_inference_steps": steps}),
            until=Until.EDITED,
            ask=False,
        )
        made: list[Candidate] = []

        def take(event: Event, made: list[Candidate] = made) -> None:
            if isinstance(event, CandidateReady):
                made.append(event.candidate)
            elif isinstance(event, JobFailed):
                raise RuntimeError(f"{event.message} {event.details}")

        engine.run(job, take, CancelToken())
        pictures = [composite.render(source, one.patch, None).array() for one in made]
        entries = tuple(GroupMember("made", picture[:, :, :3]) for picture in pictures)
        yield Group(edit, pixels, before, after, entries)
