"""Two rewards read from text alone: what heads will say of the picture of a prompt.

As in BeautifulPrompt, DiffChat's base: a language model with scalar outputs learns to predict the
scores of pictures, so that no picture is drawn while a policy learns. Here one network predicts
both, and reads the plain target beside the prompt, which the preference is for.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from editor.errors import ExpectedError
from inference.lab.finetune.rewards.labels import RewardPrompt
from inference.lab.finetune.rewards.scored_pictures import PictureScore
from inference.lab.training.export import halved
from inference.lab.training.trainer import Batch, TrainingPlan
from inference.models.libraries import prepare_libraries, quiet

SCALE_KEY: Final = "reward_scale"
"""In the config: means and deviations of the labels, of aesthetics and preference."""

_BATCH: Final = 32


class NoRegressor(ExpectedError):
    """A folder holds no reward regressor."""

    kind = "no_regressor"


def reward_text(wanted: str, prompt: str) -> str:
    """What a regressor reads."""
    return f"Wanted: {' '.join(wanted.split())}\nPrompt: {' '.join(prompt.split())}"


class RegressorLoss(nn.Module):
    """Mean squared error of both scores, each on a scale of mean 0 and deviation 1.

    Args:
        network: a sequence classifier of transformers with two outputs.
    """

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, mask: Tensor, scores: Tensor) -> dict[str, Tensor]:
        """``ids`` and ``mask`` (N, T), ``scores`` (N, 2) on that scale."""
        found = self.network(input_ids=ids, attention_mask=mask).logits.float()
        errors = (found - scores).square().mean(0)
        return {"loss": errors.mean(), "aesthetics": errors[0], "preference": errors[1]}


@dataclass(frozen=True)
class RegressorRecipe:
    """Prompts with their labels, for the trainer.

    Attributes:
        name: of the checkpoint and the log.
        start: a classifier with two outputs (`classifier_of`).
        tokenizer: of it.
        prompts, scores: what is learnt from.
    """

    name: str
    start: Any
    tokenizer: Any
    prompts: Sequence[RewardPrompt]
    scores: Sequence[PictureScore]
    batch_size: int = 32
    context: int = 192
    plan: TrainingPlan = field(
        default_factory=lambda: TrainingPlan(steps=300, lr=5e-4, warmup=30, ema=0.98)
    )

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        return RegressorLoss(copy.deepcopy(self.start))

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """Random prompts with their labels, on the scale of all of them."""
        chosen = rng.integers(len(self.prompts), size=self.batch_size)
        mean, deviation = self.scale()
        values = _array([self.scores[int(i)] for i in chosen])
        batch = _encoded([self.prompts[int(i)] for i in chosen], self.tokenizer, self.context)
        return {**batch, "scores": torch.from_numpy((values - mean) / deviation).float()}

    def scale(self) -> tuple[Any, Any]:
        """Means and deviations of the labels, (2,) each."""
        values = _array(self.scores)
        return values.mean(0), np.maximum(values.std(0), 1e-6)

    def export(self, network: nn.Module, folder: Path) -> None:
        """A stock folder in float16; the config holds the scale of the labels."""
        made: Any = network
        mean, deviation = self.scale()
        scale = {"mean": mean.tolist(), "deviation": deviation.tolist()}
        setattr(made.network.config, SCALE_KEY, scale)
        halved(made.network)
        made.network.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)


def classifier_of(folder: Path) -> tuple[Any, Any]:
    """A language model with two new outputs in the place of its vocabulary, and its tokenizer."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    prepare_libraries()
    quiet()
    torch.manual_seed(0)  # of the new outputs
    model: Any = AutoModelForSequenceClassification.from_pretrained(
        folder, num_labels=2, local_files_only=True
    )
    tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    model.config.pad_token_id = tokenizer.pad_token_id
    return model.float(), tokenizer


class RewardRegressor:
    """Predicts the scores of prompts.

    Args:
        network: a classifier with two outputs, in evaluation mode, with the scale in its config.
        tokenizer: of it.
    """

    def __init__(self, network: Any, tokenizer: Any) -> None:
        self._network, self._tokenizer = network.eval(), tokenizer

    @classmethod
    def read(cls, folder: Path) -> RewardRegressor:
        """From a folder that `train rewards` wrote.

        Raises:
            NoRegressor: the folder holds something else.
        """
        try:
            config = json.loads((folder / "config.json").read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise NoRegressor(f"{folder} holds no regressor.", "Run train rewards.") from error
        if SCALE_KEY not in config:
            raise NoRegressor(f"{folder} holds no regressor.", "Run train rewards.")
        return cls(*classifier_of(folder))

    @torch.inference_mode()
    def scores(self, wanted: Sequence[str], prompts: Sequence[str]) -> Tensor:
        """(N, 2) aesthetics and preference, in deviations from the mean of the labels.

        Args:
            wanted: N plain targets.
            prompts: N prompts.
        """
        items = [RewardPrompt(*both, "full") for both in zip(wanted, prompts, strict=True)]
        found = [
            self._network(input_ids=batch["ids"], attention_mask=batch["mask"]).logits.float()
            for start in range(0, len(items), _BATCH)
            for batch in [_encoded(items[start : start + _BATCH], self._tokenizer, _most(self))]
        ]
        return torch.cat(found) if found else torch.zeros(0, 2)

    @property
    def context(self) -> int:
        """Most tokens that it reads."""
        return int(getattr(self._network.config, "max_position_embeddings", 192))


def _most(regressor: RewardRegressor) -> int:
    return min(192, regressor.context)


def _array(scores: Sequence[PictureScore]) -> Any:
    return np.array([(one.aesthetics, one.preference) for one in scores], np.float64)


def _encoded(prompts: Sequence[RewardPrompt], tokenizer: Any, context: int) -> dict[str, Tensor]:
    """Ids and mask, (N, T), padded at the right and cut at the right."""
    lines = [tokenizer(reward_text(one.wanted, one.prompt)).input_ids[:context] for one in prompts]
    longest = max(map(len, lines))
    ids = torch.full((len(lines), longest), int(tokenizer.pad_token_id))
    mask = torch.zeros_like(ids)
    for row, line in enumerate(lines):
        ids[row, : len(line)] = torch.tensor(line)
        mask[row, : len(line)] = 1
    return {"ids": ids, "mask": mask}
