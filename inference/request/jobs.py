from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from editor.messages import Message
from editor.model.edit import Candidate, Suggestion
from editor.model.image import Image
from editor.model.prompt_edit.prompt_edit import OpKind
from editor.model.score import Score
from inference.request.analysis import Domain
from inference.request.concept_job import ConceptJob, ConceptPromptsReady
from inference.request.device_info import DeviceInfo
from inference.request.edit_events import Planned, Prepared, QuestionAsked
from inference.request.edit_job import EditJob, Quality, Until
from inference.request.image_ref import ImageRef
from inference.request.job_id import Priority, new_job_id
from inference.request.model_choice import ModelChoice
from inference.request.path_step import PathStep
from inference.request.rewrite_job import RewriteEvent, RewriteJob, RewriteReady, RewriteText

__all__ = [
    "ConceptJob",
    "ConceptPromptsReady",
    "EditJob",
    "PathStep",
    "Planned",
    "Prepared",
    "Priority",
    "Quality",
    "QuestionAsked",
    "RewriteJob",
    "RewriteReady",
    "RewriteText",
    "Until",
    "new_job_id",
]


@dataclass(frozen=True)
class SuggestJob:
    """Propose what could be said next.

    Attributes:
        source: the picture; needed only where `caption` is empty.
        caption: what the picture shows, as the artist left it.
        path: the history from its root to here, oldest first, with what was refused.
        refused: instructions that were dismissed and must not come back.
        instruction: the text in the prompt box; it comes first, read and completed.
        count: how many.
        seed: of the sampling; another one gives other suggestions.
        pinned: words of the caption that must stay.
        forbidden: words that must not come in.
        wanted: kinds of edits ("insert", "delete", "swap", "replace"), one for each suggestion that
            is to be of that kind.
        domain_picture: the picture that models are asked about whether they know such pictures,
            where it is not `source` (`editor.model.content_origin`).
        models: the artist's choices of models.
    """

    source: Image | ImageRef | None = None
    caption: str = ""
    path: tuple[PathStep, ...] = ()
    refused: tuple[str, ...] = ()
    instruction: str = ""
    count: int = 5
    seed: int = 0
    pinned: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    wanted: tuple[OpKind, ...] = ()
    domain_picture: Image | ImageRef | None = None
    models: tuple[ModelChoice, ...] = ()
    priority: Priority = Priority.SUGGEST
    id: str = field(default_factory=new_job_id)


@dataclass(frozen=True)
class CaptionJob:
    """Say what the picture `source` shows, in `count` ways; `models` are the artist's choices."""

    source: Image | ImageRef | None = None
    count: int = 4
    models: tuple[ModelChoice, ...] = ()
    priority: Priority = Priority.SUGGEST
    id: str = field(default_factory=new_job_id)


@dataclass(frozen=True)
class AttentionJob:
    """Say where in a picture a model sees each word of a caption.

    Attributes:
        source: the picture.
        caption: what is asked about; it need not be true of the picture.
        method: registry name; the model that would serve it is asked.
        models: the artist's choices of models.
    """

    source: Image | ImageRef | None = None
    caption: str = ""
    method: str = "prompt_to_prompt"
    models: tuple[ModelChoice, ...] = ()
    priority: Priority = Priority.PREVIEW
    id: str = field(default_factory=new_job_id)


SubjectPart = Literal["subject", "background", "person"]
"""What is to be selected. A person is what the network was made for, so it may be less sure."""


@dataclass(frozen=True)
class SubjectJob:
    """Find which pixels of the picture `source` are its subject."""

    source: Image | ImageRef | None = None
    part: SubjectPart = "subject"
    models: tuple[ModelChoice, ...] = ()
    priority: Priority = Priority.EDIT
    id: str = field(default_factory=new_job_id)


PictureJob = EditJob | SuggestJob | RewriteJob | CaptionJob | AttentionJob | SubjectJob
"""Jobs about a picture, their `source`."""

Job = PictureJob | ConceptJob


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Attributes:
        stage: what runs now: "loading", "captioning", "sweeping" (previews that candidates are
            picked from), "editing" or "scoring".
        step: of `steps`; hundredths of a model while one is loaded.
        seconds_left: None until there is a good estimate (from the third step on).
        what: the model that is loaded, None where that is not known yet.
    """

    job_id: str
    stage: str
    step: int
    steps: int
    seconds_left: float | None = None
    what: Message | None = None


@dataclass(frozen=True)
class MemoryNotice:
    """Memory ran out or is short, and what was done about it, in one sentence."""

    job_id: str
    message: Message


@dataclass(frozen=True, eq=False)
class Preview:
    """What a running request looks like: (h, w, 3) `uint8`, the part of the picture being edited.

    As large as the model works, or smaller where that says no less.
    """

    job_id: str
    key: str
    pixels: NDArray[np.uint8] = field(repr=False)


@dataclass(frozen=True)
class CandidateReady:
    """One request is done."""

    job_id: str
    candidate: Candidate


@dataclass(frozen=True)
class ScoreReady:
    """One candidate is scored."""

    job_id: str
    score: Score


@dataclass(frozen=True)
class CaptionReady:
    """What the picture shows: the likeliest caption, others, and the model that said so.

    `warning` says why they are not to be trusted; None where the model knows such pictures.
    """

    job_id: str
    caption: str
    alternatives: tuple[str, ...] = ()
    model: str = ""
    domain: Domain | None = None
    warning: Message | None = None


@dataclass(frozen=True, eq=False)
class AttentionReady:
    """Where the words of a caption are seen.

    Attributes:
        job_id: of the job.
        caption: that was asked about.
        words: of the caption, in order.
        maps: (N, h, w) `uint8`, one per word: 255 where it is attended to most.
        place: left, top, width, height of the maps in pixels of the picture; they may reach beyond
            it.
    """

    job_id: str
    caption: str
    words: tuple[str, ...]
    maps: NDArray[np.uint8] = field(repr=False)
    place: tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class SubjectReady:
    """Where the subject is.

    Attributes:
        job_id: of the job.
        coverage: (H, W) `uint8` of the picture's size, 255 where the part that was asked for is.
        confidence: how sure that is, 0..1 (`inference.vision.segmentation`).
        model: that found it.
    """

    job_id: str
    coverage: NDArray[np.uint8] = field(repr=False)
    confidence: float
    model: str


@dataclass(frozen=True)
class SuggestionsReady:
    """What could be said next, best first; all different, none refused, none already so.

    Attributes:
        caption: what they start from.
        suggestions: empty where a model is missing or nothing is left to propose.
        note: one sentence where there are fewer than asked for, or none: what is missing and
            what it would add; else None.
        missing: roles of the models that are missing.
        domain: that of the picture where it was looked at, else None.
    """

    job_id: str
    caption: str
    suggestions: tuple[Suggestion, ...] = ()
    note: Message | None = None
    missing: tuple[str, ...] = ()
    domain: Domain | None = None


@dataclass(frozen=True)
class JobFinished:
    """The last event of a job that ran to its end."""

    job_id: str
    seconds: float


@dataclass(frozen=True)
class JobCancelled:
    """The last event of a job that was cancelled; candidates sent before it stay good."""

    job_id: str


@dataclass(frozen=True)
class JobFailed:
    """The last event of a job that failed.

    Attributes:
        kind: an `ExpectedError.kind`, or "bug".
        message: one sentence what happened.
        fix: text of the one button, or what to do; None for nothing.
        details: traceback or the child's last words, for "Copy details".
        nearest: known words close to those that were not understood.
    """

    job_id: str
    kind: str
    message: Message
    fix: Message | None = None
    details: str = field(default="", repr=False)
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True)
class EngineReady:
    """The child has started (again). The one event without a job: `job_id` is empty."""

    device: str
    version: str
    pid: int
    job_id: str = ""
    device_info: DeviceInfo | None = None
    """None until libraries are loaded: the child says once more that it is ready then."""

    def after(self, before: EngineReady | None) -> EngineReady:
        """The same with the device of an earlier child, which this one has not found out yet."""
        if self.device_info is not None or before is None or before.device_info is None:
            return self
        return replace(self, device=before.device, device_info=before.device_info)


JobEnd = JobFinished | JobCancelled | JobFailed
Event = (
    Prepared
    | QuestionAsked
    | Planned
    | CaptionReady
    | SuggestionsReady
    | RewriteEvent
    | ConceptPromptsReady
    | AttentionReady
    | SubjectReady
    | Progress
    | MemoryNotice
    | Preview
    | CandidateReady
    | ScoreReady
    | JobEnd
    | EngineReady
)

ENGINE_STOPPED = Message("engine.stopped")
ENGINE_STOPPED_FIX = Message("do.run_again")
BUG = Message("engine.bug")
BUG_FIX = Message("do.copy_details")
