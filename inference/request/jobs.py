from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.messages import Message
from editor.model.edit import Candidate, EditRequest, Instruction, Suggestion
from editor.model.image import Image
from editor.model.patch import SettingValues
from editor.model.score import Score
from editor.model.selection import Selection
from inference.request import edit_job
from inference.request.analysis import Domain, Measured, Question, Variant
from inference.request.edit_events import Planned, Prepared, QuestionAsked
from inference.request.image_ref import ImageRef
from inference.request.job_id import Priority, new_job_id

__all__ = [
    "Measured",
    "Planned",
    "Prepared",
    "Priority",
    "QuestionAsked",
    "new_job_id",
]


@dataclass(frozen=True)
class PrepareJob:
    """Complete an instruction: what each method would do with the words.

    Attributes:
        instruction: the words; prompts may be empty.
        has_selection: local words ("darken the sky") need one.
        methods: registry names to consider; empty = all that are ready.
        count: how many variants of a deterministic method are wanted.
        settings: settings the artist fixed by hand; with them the words may be empty.
        source: the picture, where a method reads it (captions); None crosses nothing.
    """

    instruction: Instruction
    has_selection: bool = False
    methods: tuple[str, ...] = ()
    count: int = 4
    settings: SettingValues = ()
    source: Image | ImageRef | None = None
    priority: Priority = Priority.EDIT
    id: str = field(default_factory=new_job_id)


@dataclass(frozen=True)
class EditJob:
    """Make a candidate of each request, then score it.

    Attributes:
        requests: of one source and one selection; several methods may be mixed.
        source: the picture; an `ImageRef` only while the job crosses to the child.
        selection: where the edit may act, None for everywhere.
        asked: (quantity, +1 or −1) pairs that the words ask for; scores measure against them.
        kept: quantities the words ask to leave alone.
        own: the same two of requests whose words are their own (Explore), by request key.
        score: False makes candidates only (`--no-rank`).
    """

    requests: tuple[EditRequest, ...]
    source: Image | ImageRef
    selection: Selection | ImageRef | None = None
    asked: tuple[tuple[str, int], ...] = ()
    kept: tuple[str, ...] = ()
    own: Mapping[str, Measured] = field(default_factory=dict)
    score: bool = True
    priority: Priority = Priority.EDIT
    id: str = field(default_factory=new_job_id)

    @classmethod
    def of(
        cls,
        ready: InstructionReady,
        requests: tuple[EditRequest, ...],
        source: Image,
        selection: Selection | None,
        **options: Any,
    ) -> EditJob:
        """The job for requests planned from a complete instruction."""
        return cls(requests, source, selection, ready.asked, ready.kept, **options)

    @classmethod
    def of_several(
        cls,
        planned: Sequence[tuple[InstructionReady, EditRequest]],
        source: Image,
        selection: Selection | None,
        **options: Any,
    ) -> EditJob:
        """The job for requests that each carry out an instruction of their own."""
        own = {request.key: (ready.asked, ready.kept) for ready, request in planned}
        requests = tuple(request for _, request in planned)
        return cls(requests, source, selection, own=own, **options)

    def measured(self, key: str) -> Measured:
        """What the words of a request ask for and what they ask to leave alone."""
        return self.own.get(key, (self.asked, self.kept))


@dataclass(frozen=True)
class ExploreJob:
    """Complete several instructions at once, for one candidate each.

    Attributes:
        instructions: words, with the captions before and after where they are known.
        has_selection, methods, source: as in `PrepareJob`.
    """

    instructions: tuple[Instruction, ...]
    has_selection: bool = False
    methods: tuple[str, ...] = ()
    source: Image | ImageRef | None = None
    priority: Priority = Priority.EDIT
    id: str = field(default_factory=new_job_id)


@dataclass(frozen=True)
class PathStep:
    """One step of the history: what was asked, and the caption it led to.

    `accepted` is False for what was offered or tried there and not wanted.
    """

    instruction: str
    prompt: str = ""
    accepted: bool = True


@dataclass(frozen=True)
class SuggestJob:
    """Propose what could be said next.

    Attributes:
        source: the picture; needed only where `caption` is empty.
        caption: what the picture shows, as the artist left it.
        path: the history from its root to here, oldest first, with what was refused.
        refused: instructions that were dismissed and must not come back.
        instruction: what stands in the box; it comes first, read and completed.
        count: how many.
        seed: of the sampling; another one gives other suggestions.
    """

    source: Image | ImageRef | None = None
    caption: str = ""
    path: tuple[PathStep, ...] = ()
    refused: tuple[str, ...] = ()
    instruction: str = ""
    count: int = 5
    seed: int = 0
    priority: Priority = Priority.SUGGEST
    id: str = field(default_factory=new_job_id)


@dataclass(frozen=True)
class CaptionJob:
    """Say what the picture `source` shows, in `count` ways."""

    source: Image | ImageRef | None = None
    count: int = 4
    priority: Priority = Priority.SUGGEST
    id: str = field(default_factory=new_job_id)


Job = edit_job.EditJob | PrepareJob | ExploreJob | EditJob | SuggestJob | CaptionJob


@dataclass(frozen=True)
class InstructionReady:
    """The complete instruction, shown before any time is spent.

    Attributes:
        instruction: with the prompts filled in where a method needs them.
        methods: registry names that can carry it out, the best fitting first.
        variants: for deterministic methods, what each candidate would do.
        asked, kept: what the scores measure against (of the first reading).
        corrections: typing mistakes that were read as other words.
        caption: what the picture shows, or None where no captioner ran.
        domain: None where no model has a world of its own.
        question: None where the words are clear.
        warning: one sentence, or None.
        weights: digests of the models each method would run on, for its requests.
        defaults: settings that suit those models, where they come with some.
    """

    job_id: str
    instruction: Instruction
    methods: tuple[str, ...] = ()
    variants: Mapping[str, tuple[Variant, ...]] = field(default_factory=dict)
    asked: tuple[tuple[str, int], ...] = ()
    kept: tuple[str, ...] = ()
    corrections: tuple[Message, ...] = ()
    caption: str | None = None
    domain: Domain | None = None
    question: Question | None = None
    warning: Message | None = None
    weights: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defaults: Mapping[str, SettingValues] = field(default_factory=dict)

    @property
    def sentence(self) -> Message | None:
        """The first variant said back in words ("Read as"); None where there are none."""
        first = next((v for m in self.methods for v in self.variants.get(m, ())), None)
        return first.sentence if first else None

    def sentence_of(self, request: EditRequest) -> Message | None:
        """The words of the variant a request was planned from."""
        own = dict(request.settings)
        agreeing = [
            (sum(own.get(name) == value for name, value in v.settings), v.sentence)
            for v in self.variants.get(request.method, ())
        ]
        return max(agreeing, key=lambda pair: pair[0])[1] if agreeing else None


@dataclass(frozen=True)
class ExploreReady:
    """The instructions of an `ExploreJob` that some method can carry out, in their order."""

    job_id: str
    readies: tuple[InstructionReady, ...]


@dataclass(frozen=True)
class Progress:
    """How far a job is. `stage`: "loading", "captioning", "editing" or "scoring".

    `seconds_left` is None until there is a good estimate (from the third step on).
    """

    job_id: str
    stage: str
    step: int
    steps: int
    seconds_left: float | None = None


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
    """What the picture shows: the likeliest caption, others, and the model that said so."""

    job_id: str
    caption: str
    alternatives: tuple[str, ...] = ()
    model: str = ""
    domain: Domain | None = None


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


JobEnd = JobFinished | JobCancelled | JobFailed
Event = (
    Prepared
    | QuestionAsked
    | Planned
    | InstructionReady
    | ExploreReady
    | CaptionReady
    | SuggestionsReady
    | Progress
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
