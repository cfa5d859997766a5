from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from editor.messages import Message
from editor.model.edit import EditRequest, Instruction
from editor.model.model_ref import ModelRef
from editor.model.patch import SettingValues
from inference.request.analysis import Domain, Question, Variant


@dataclass(frozen=True)
class Pick:
    """A candidate that previews showed to be worth drawing: its seed and what it takes."""

    seed: int
    settings: SettingValues = ()


@dataclass(frozen=True)
class Preparation:
    """What was found out about an instruction, and what each method would do with it.

    Attributes:
        instruction: with the prompts filled in where a method needs them.
        methods: registry names that can carry it out, the best fitting first.
        variants: for deterministic methods, what each candidate would do.
        wanted_changes, fixed_quantities, parts: what the scores measure against (of the first
            reading).
        corrections: typing mistakes that were read as other words.
        caption: what the picture shows, or None where no captioner ran.
        domain: None where no model has a world of its own.
        question: None where the words are clear.
        warning: about the picture, or None.
        skipped: which models and methods could not be used, and why.
        models: those each method would run on, for its requests.
        served: which model serves where several could, and why; sentences.
        picks: by method, the candidates to draw, the best first; see `workflow.sweep`.
        defaults: settings that suit those models, where they come with some.
        unread: which end of the words the model of the first method does not read; None for none.
    """

    instruction: Instruction
    methods: tuple[str, ...] = ()
    variants: Mapping[str, tuple[Variant, ...]] = field(default_factory=dict)
    wanted_changes: tuple[tuple[str, int], ...] = ()
    fixed_quantities: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    corrections: tuple[Message, ...] = ()
    caption: str | None = None
    domain: Domain | None = None
    question: Question | None = None
    warning: Message | None = None
    skipped: tuple[Message, ...] = ()
    models: Mapping[str, tuple[ModelRef, ...]] = field(default_factory=dict)
    served: tuple[Message, ...] = ()
    picks: Mapping[str, tuple[Pick, ...]] = field(default_factory=dict)
    defaults: Mapping[str, SettingValues] = field(default_factory=dict)
    unread: Message | None = None

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
