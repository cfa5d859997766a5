"""Language models that rewrite prompts, each asked in its own lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import torch

from editor.errors import NotUnderstood
from inference.ipc.domains import register_domains
from inference.lab.evaluation.arm_digest import NoArm
from inference.lab.finetune.language_lora import merged_lora
from inference.lab.finetune.preference import best_of
from inference.lab.finetune.reinforce.prompt_reward import PromptRewards
from inference.lab.finetune.reinforce.requests import ChatRequest
from inference.lab.finetune.reinforce.round import NEW_TOKENS
from inference.lab.finetune.run_chat import FACTS
from inference.lab.finetune.run_recipe import load_causal_language
from inference.lab.finetune.tuning_language import TuningLanguage
from inference.language.chat_lines import CHAT_LINES, LINES_KEY
from inference.language.generate import Language, TextSampling, best_answers, sample_answers
from inference.language.rewrite import rewrite

RECORD: Final = "record"
"""The arm that answers with the record's own target."""


class RewriteArm(Protocol):
    """One way to answer requests."""

    def answers(self, requests: Sequence[ChatRequest], first: int) -> list[str]:
        """A target prompt for each request.

        Args:
            requests: of one batch.
            first: number of the first of them, for seeds.
        """


@dataclass(frozen=True)
class ChatArmSource:
    """Where an arm's model lies.

    Attributes:
        name: in tables; arms of one group have the same name before an "@" ("rl@0", "rl@1").
        folder: a causal language model.
        lora: a LoRA of it, from `pentimento train chat --tune lora`.
        best: of how many drawn answers the best by reward is taken; 1 for the likeliest answer.
    """

    name: str
    folder: Path
    lora: Path | None = None
    best: int = 1

    @classmethod
    def parse(cls, text: str) -> ChatArmSource:
        """``NAME=FOLDER``, ``NAME=FOLDER+LORA``, and either with ``*N`` for the best of N.

        Raises:
            NoArm: the text has another form, or a folder is missing.
        """
        name, equals, places = text.partition("=")
        places, _, best = places.partition("*")
        folder, plus, lora = places.partition("+")
        found = cls(name, Path(folder), Path(lora) if plus else None)
        folders = [one for one in (found.folder, found.lora) if one is not None]
        good = equals and name not in ("", RECORD) and all(one.is_dir() for one in folders)
        if not good or (best and not best.isdecimal()):
            raise NoArm(f"There is no arm {text}.", "Give NAME=FOLDER, +LORA or *N after it.")
        return cls(name, found.folder, found.lora, max(1, int(best or 1)))

    def load(self, rewards: PromptRewards | None) -> RewriteArm:
        """The arm.

        Raises:
            NoArm: it takes the best of some answers, but there are no rewards.
        """
        language = load_language(self.folder, self.lora)
        if getattr(language.model.config, LINES_KEY, None) != CHAT_LINES:
            return UntrainedArm(language)
        if self.best == 1:
            return TrainedArm(language)
        if rewards is None:
            raise NoArm(f"{self.name} takes the best of {self.best}.", "Give --rewards.")
        return BestOfArm(language, self.best, rewards)


def load_language(folder: Path, lora: Path | None) -> TuningLanguage:
    """A model in float32 on the CPU, the LoRA merged into its weights."""
    register_domains()  # the starter model gives the readings of its world
    model, tokenizer = load_causal_language(folder)
    if lora is not None:
        model = merged_lora(model, lora)
        facts = json.loads((lora / FACTS).read_text("utf-8"))
        setattr(model.config, LINES_KEY, facts["lines"])
    template = bool(getattr(tokenizer, "chat_template", None))
    return TuningLanguage(model.eval(), tokenizer, torch.device("cpu"), template)


@dataclass(frozen=True)
class RecordArm:
    """The record's own target: what the supervised stage learns."""

    def answers(self, requests: Sequence[ChatRequest], first: int) -> list[str]:
        """See `RewriteArm.answers`."""
        del first
        return [one.reference for one in requests]


@dataclass(frozen=True)
class TrainedArm:
    """A model that was trained to rewrite: its likeliest answer."""

    language: Language

    def answers(self, requests: Sequence[ChatRequest], first: int) -> list[str]:
        """See `RewriteArm.answers`."""
        del first
        questions = [one.question for one in requests]
        return [
            " ".join(one.text.split())
            for one in best_answers(self.language, questions, NEW_TOKENS, lambda: None)
        ]


@dataclass(frozen=True)
class BestOfArm:
    """The best of some drawn answers by the rewards, among those that pass the gate if any do."""

    language: Language
    count: int
    rewards: PromptRewards

    def answers(self, requests: Sequence[ChatRequest], first: int) -> list[str]:
        """See `RewriteArm.answers`; drawn with temperature 1."""
        found = []
        for number, request in enumerate(requests, first):
            sampling = TextSampling(1.0, 1.0, number)
            drawn = sample_answers(
                self.language, request.question, self.count, NEW_TOKENS, sampling, lambda: None
            )
            texts = [" ".join(one.split()) for one in drawn]
            rated = self.rewards([request] * len(texts), texts)
            best = best_of(
                [one.total for one in rated],
                [one.integrity for one in rated],
                self.rewards.weights.threshold,
            )
            found.append(texts[best])
        return found


@dataclass(frozen=True)
class UntrainedArm:
    """A model that was not trained to rewrite: the first prompt of `pentimento rewrite`."""

    language: Language

    def answers(self, requests: Sequence[ChatRequest], first: int) -> list[str]:
        """See `RewriteArm.answers`; a request that is not understood leaves the prompt as it is."""
        found = []
        for number, one in enumerate(requests, first):
            try:
                made = rewrite(
                    self.language, one.prompt, one.instruction, 1, number, lambda: None
                ).options
            except NotUnderstood:
                made = ()
            found.append(made[0].prompt if made else one.prompt)
        return found
