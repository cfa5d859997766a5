"""Rewriting a caption as words ask: the job, and what the engine says on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from editor.model.image import Image
from editor.ranking.content_integrity import ContentIntegrity
from inference.request.image_ref import ImageRef
from inference.request.job_id import Priority, new_job_id
from inference.request.path_step import PathStep


@dataclass(frozen=True)
class RewrittenPrompt:
    """A target prompt.

    Attributes:
        prompt: the text.
        integrity: what it keeps and loses of what it must hold.
    """

    prompt: str
    integrity: ContentIntegrity


@dataclass(frozen=True)
class RewriteJob:
    """Write target prompts for a request about a picture.

    Attributes:
        instruction: what is asked for, in any words.
        source: the picture; needed only where `caption` is empty.
        caption: what the picture shows, as the artist left it.
        target: the plain caption after the edit, where an answer to a question gave it.
        path: the history from its root to here, oldest first: what was asked before.
        count: how many target prompts.
        seed: of the sampling; another one gives others.
        ask: False goes on where a question would end the job.
        domain_picture: as in `EditJob`.
    """

    instruction: str
    source: Image | ImageRef | None = None
    caption: str = ""
    target: str = ""
    path: tuple[PathStep, ...] = ()
    count: int = 4
    seed: int = 0
    ask: bool = True
    domain_picture: Image | ImageRef | None = None
    priority: Priority = Priority.EDIT
    id: str = field(default_factory=new_job_id)


@dataclass(frozen=True)
class RewriteText:
    """The target prompts as far as they are written, one text for each."""

    job_id: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class RewriteReady:
    """The target prompts.

    Attributes:
        caption: before; what they change.
        plain_target: the plain reading, which they are measured against.
        options: different prompts; the ones that pass the usual gate first.
        methods: registry names of the methods that can draw them, the best fitting first; none
            where no model here knows such pictures.
    """

    job_id: str
    caption: str
    plain_target: str
    options: tuple[RewrittenPrompt, ...]
    methods: tuple[str, ...] = ()


RewriteEvent = RewriteText | RewriteReady
