"""What an `EditJob` says of itself before there is a candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from editor.messages import Message
from editor.model.edit import EditRequest, Instruction
from inference.request.analysis import Domain, Question


@dataclass(frozen=True)
class Prepared:
    """What was found out about the words, before any time is spent; one for each instruction.

    Attributes:
        job_id: of the job.
        instruction: with the prompts filled in where a method needs them.
        methods: registry names that can carry it out, the best fitting first.
        sentence: the first reading said back in words ("Read as"), or None.
        corrections: typing mistakes that were read as other words.
        caption: what the picture shows, or None where no captioner ran.
        domain: None where no model has a world of its own.
        warning: about the picture, or None.
        skipped: which models and methods could not be used, and why.
        served: which model serves where several could, and why; sentences.
        unread: which end of the words the model does not read, or None.
    """

    job_id: str
    instruction: Instruction
    methods: tuple[str, ...] = ()
    sentence: Message | None = None
    corrections: tuple[Message, ...] = ()
    caption: str | None = None
    domain: Domain | None = None
    warning: Message | None = None
    skipped: tuple[Message, ...] = ()
    served: tuple[Message, ...] = ()
    unread: Message | None = None


@dataclass(frozen=True)
class QuestionAsked:
    """The words can mean more than one thing: the job ends here, an answer is a new job."""

    job_id: str
    question: Question


@dataclass(frozen=True)
class Planned:
    """What will be made.

    Attributes:
        job_id: of the job.
        requests: one for each candidate; none where the words have no further readings.
        sentences: what each request does, in words, by request key.
    """

    job_id: str
    requests: tuple[EditRequest, ...]
    sentences: Mapping[str, Message | None] = field(default_factory=dict)


EditEvent = Prepared | QuestionAsked | Planned
