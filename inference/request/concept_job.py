"""Prompts about concepts: the job, and what the engine answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from editor.ranking.prompt_order import RankedPrompt
from inference.request.job_id import Priority, new_job_id


@dataclass(frozen=True)
class ConceptJob:
    """Write prompts for a picture model about concepts, one after the other.

    Attributes:
        concepts: words, phrases or sentences.
        count: prompts for each.
        seed: of the sampling; another one gives others.
    """

    concepts: tuple[str, ...]
    count: int = 4
    seed: int = 0
    priority: Priority = Priority.SUGGEST
    id: str = field(default_factory=new_job_id)


@dataclass(frozen=True)
class ConceptPromptsReady:
    """The prompts about one concept, in the order in which they were drawn.

    Attributes:
        unknown: what the concept names and the language model cannot know, so that there are no
            prompts; where there are, what the model that draws cannot know.
    """

    job_id: str
    concept: str
    prompts: tuple[RankedPrompt, ...]
    unknown: tuple[str, ...] = ()
