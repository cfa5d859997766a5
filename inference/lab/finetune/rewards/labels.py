"""Prompts with what heads say of their pictures: what the reward regressors learn from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Final, Literal

import numpy as np

from editor.model.prompt_edit.prompt_tokens import chunks
from inference.lab.evaluation.partial import PartialResults
from inference.lab.finetune.instructpe.record import InstructPrompt
from inference.lab.finetune.rewards.scored_pictures import BATCH, PictureScore, ScoredPictures

PromptForm = Literal["full", "partial", "plain", "unedited", "other"]
SHARES: Final[dict[PromptForm, float]] = {
    "full": 0.35, "partial": 0.25, "plain": 0.2, "unedited": 0.1, "other": 0.1,
}  # fmt: skip
"""How often each form is drawn. A policy leaves out modifiers, edits and sense, so the regressors
must have seen such prompts too."""


@dataclass(frozen=True)
class RewardPrompt:
    """A prompt that is drawn.

    Attributes:
        wanted: the plain target, for which the picture should be preferred.
        prompt: what the picture model gets.
        form: how the prompt came from its record.
    """

    wanted: str
    prompt: str
    form: PromptForm


def reward_prompts(
    records: Sequence[InstructPrompt], count: int, seed: int
) -> tuple[RewardPrompt, ...]:
    """Prompts of random records, each in a random form.

    The forms are the full target, the same with fewer modifiers, the plain target, the full prompt
    before the edit, and the full target of another record.

    Args:
        records: at least two.
        count: how many.
        seed: equal seeds give equal prompts, and the first of more prompts.
    """
    forms = tuple(SHARES)
    found = []
    for index in range(count):
        rng = np.random.default_rng([seed, index])
        place = int(rng.integers(len(records)))
        form = forms[int(rng.choice(len(forms), p=list(SHARES.values())))]
        other = records[(place + 1 + int(rng.integers(len(records) - 1))) % len(records)]
        found.append(_prompt(records[place], other, form, rng))
    return tuple(found)


def _prompt(
    record: InstructPrompt, other: InstructPrompt, form: PromptForm, rng: np.random.Generator
) -> RewardPrompt:
    text = {
        "full": record.beautified_target_prompt,
        "partial": _with_fewer_modifiers(record.beautified_target_prompt, rng),
        "plain": record.plain_target_prompt,
        "unedited": record.beautified_source_prompt,
        "other": other.beautified_target_prompt,
    }[form]
    return RewardPrompt(record.plain_target_prompt, text, form)


def _with_fewer_modifiers(prompt: str, rng: np.random.Generator) -> str:
    """The first chunk between commas, and each other one in two of three cases."""
    first, *others = (prompt[chunk.start : chunk.end] for chunk in chunks(prompt))
    return ", ".join([first, *(one for one in others if rng.random() < 2 / 3)])


def label(
    prompts: Sequence[RewardPrompt],
    pictures: ScoredPictures,
    results: PartialResults,
    seed: int,
    on_share: Callable[[float], None] = lambda share: None,
) -> list[PictureScore]:
    """What the heads say of a picture of each prompt; `results` keeps it, so a run goes on.

    Args:
        prompts: what is drawn; the place of each gives its noise.
        pictures: draws and rates.
        results: of this run.
        seed: of the noise.
        on_share: called after every batch with the share that is done.
    """
    missing = [i for i in range(len(prompts)) if results.get(_ROW, str(i)) is None]
    for start in range(0, len(missing), BATCH):
        places = missing[start : start + BATCH]
        chosen = [prompts[i] for i in places]
        drawn = pictures.draw(
            [one.prompt for one in chosen], [seed * 1_000_003 + i for i in places]
        )
        for place, score in zip(
            places, pictures.rate(drawn, [one.wanted for one in chosen]), strict=True
        ):
            results.measured(_ROW, str(place), partial(asdict, score))
        on_share((len(prompts) - len(missing) + start + len(places)) / len(prompts))
    found = [results.get(_ROW, str(i)) for i in range(len(prompts))]
    return [PictureScore(**one) for one in found if one is not None]


_ROW: Final = "label"
