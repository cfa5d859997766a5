"""One edit as it is asked for: words, picture, and how far to go with them."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field

from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.patch import SettingValues
from editor.model.selection import Selection
from inference.request.image_ref import ImageRef
from inference.request.job_id import Priority, new_job_id
from inference.request.method_options import MethodOptions
from inference.request.model_choice import ModelChoice


class Quality(enum.Enum):
    """How much time a candidate may take."""

    FULL = "full"
    PREVIEW = "preview"
    """The method's quick settings (`MethodInfo.preview`): Explore and Live."""


class Until(enum.IntEnum):
    """The last step that a job takes."""

    PREPARED = 0
    """Only find out what the words mean."""
    EDITED = 1
    """Make candidates, score none."""
    SCORED = 2


@dataclass(frozen=True)
class EditJob:
    """Edit a picture by words: prepare, plan, make candidates, score them.

    Attributes:
        instructions: one; several (Explore) give `count` candidates each, scored by their own
            words, and those that no method can carry out are left out. Prompts may be empty.
        source: the picture; an `ImageRef` only while the job crosses to the child.
        selection: where the edit may act, None for everywhere; local words ("darken the sky")
            need one.
        methods: registry names; empty leaves the choice to Auto (`inference.workflow.plan`).
        count: candidates of each instruction, shared between the methods.
        skip: the first so many readings of each deterministic method are left out: they were
            shown before. Sampling methods bring others by another `seed`.
        seed: of the first request's noise; further requests count up from it.
        quality: `PREVIEW` takes the methods' quick settings.
        options: by method, what the artist set for it; the quick settings of a preview and
            `settings` go first.
        settings: fixed by hand, for every candidate; with them the words may be empty.
        until: the last step.
        domain_picture: the picture that models are asked about whether they know such pictures,
            where it is not the source itself (`editor.model.content_origin`).
        describe: False leaves the models out that look at the picture before the edit (captions,
            whether the models know such pictures).
        ask: False goes on where a question would end the job: it was answered, or nobody is there.
        models: the artist's choices of models; a role without one is served as the store decides.
        only: None, or the methods that may run although nobody asked for a result (Live): where
            the best fitting one is none of them, or comes with a warning, the job ends prepared.
        time_limit: seconds in which Auto makes the candidates by several methods that fit; None
            takes the best fitting one alone.
        priority: order in the queue.
        id: names the job in its events.
    """

    instructions: tuple[Instruction, ...]
    source: Image | ImageRef
    selection: Selection | ImageRef | None = None
    methods: tuple[str, ...] = ()
    count: int = 4
    skip: int = 0
    seed: int = 0
    quality: Quality = Quality.FULL
    options: tuple[tuple[str, MethodOptions], ...] = ()
    settings: SettingValues = ()
    until: Until = Until.SCORED
    describe: bool = True
    ask: bool = True
    models: tuple[ModelChoice, ...] = ()
    only: tuple[str, ...] | None = None
    domain_picture: Image | ImageRef | None = None
    time_limit: float | None = None
    priority: Priority = Priority.EDIT
    id: str = field(default_factory=new_job_id)
