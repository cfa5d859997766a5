"""`pentimento train chat --stage dpo`: a policy learns from pairs of better and worse answers.

The cheap arm beside PPO: answers are drawn and rewarded once, before anything is learnt.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor, nn

from editor.formats.whole_file import whole_file
from inference.lab.finetune.action_modification import RolloutPlan, TokenWords
from inference.lab.finetune.instructpe.record import InstructPrompt
from inference.lab.finetune.preference import RewardWeights, dpo_loss, preference_pairs
from inference.lab.finetune.reinforce.prompt_reward import PromptRewards
from inference.lab.finetune.reinforce.requests import drawn_requests
from inference.lab.finetune.reinforce.rollouts import draw_rollouts
from inference.lab.finetune.reinforce.round import NEW_TOKENS
from inference.lab.finetune.rewards.regressor import RewardRegressor
from inference.lab.finetune.run_chat import CONTEXT, NoRecords, chat_records
from inference.lab.finetune.run_recipe import load_causal_language, run_facts, run_recipe
from inference.lab.finetune.suggest import blocks_of, padded_batch
from inference.lab.training.export import save_pretrained
from inference.lab.training.trainer import Batch, TrainingPlan, seed_torch

BETA: Final = 0.1


@dataclass(frozen=True)
class AnswerPair:
    """Two answers to one question."""

    question: str
    better: str
    worse: str


class PairLoss(nn.Module):
    """DPO's loss of a policy beside the frozen model that it began as."""

    def __init__(self, policy: Any, reference: Any) -> None:
        super().__init__()
        self.policy = policy
        self.frozen = (reference,)  # in a tuple: it neither learns nor is part of the checkpoint

    def forward(self, ids: Tensor, mask: Tensor, answer: Tensor) -> dict[str, Tensor]:
        """(2 N, T): N better answers, then the N worse ones."""
        self.policy.eval()  # no dropout: both models must speak of the same function
        better, worse = answer_log_probs(self.policy, ids, mask, answer).chunk(2)
        with torch.no_grad():
            before = answer_log_probs(self.frozen[0], ids, mask, answer).chunk(2)
        loss = dpo_loss(better, worse, before[0], before[1], BETA)
        right = ((better - before[0]) > (worse - before[1])).float().mean()
        return {"loss": loss, "ordered": right}


def answer_log_probs(model: Any, ids: Tensor, mask: Tensor, answer: Tensor) -> Tensor:
    """(N,) log-probabilities of whole answers; the arrays are those of `padded_batch`."""
    logits = model(input_ids=ids, attention_mask=mask, use_cache=False).logits[:, :-1].float()
    likely = logits.log_softmax(-1).gather(2, ids[:, 1:, None])[..., 0]
    found: Tensor = (likely * answer[:, 1:]).sum(1)
    return found


@dataclass(frozen=True)
class PairRecipe:
    """Pairs, for the trainer.

    Attributes:
        name: of the checkpoint and the log.
        start: the supervised model, float32; it is the reference too.
        tokenizer: of it.
        pairs: what is learnt from.
        blocks: so many of the last blocks learn; 0 for all weights.
        batch_size: pairs a step.
    """

    name: str
    start: Any
    tokenizer: Any
    pairs: Sequence[AnswerPair]
    plan: TrainingPlan
    blocks: int = 2
    batch_size: int = 16

    def network(self) -> nn.Module:
        """See `Recipe.network`."""
        policy = copy.deepcopy(self.start)
        if self.blocks:
            policy.requires_grad_(False)
            for block in blocks_of(policy)[-self.blocks :]:
                block.requires_grad_(True)
        return PairLoss(policy, copy.deepcopy(self.start).eval().requires_grad_(False))

    def batch(self, step: int, rng: np.random.Generator) -> Batch:
        """The better answers of random pairs, then the worse ones."""
        drawn = [self.pairs[int(i)] for i in rng.integers(len(self.pairs), size=self.batch_size)]
        rows = [(one.question, one.better) for one in drawn]
        rows += [(one.question, one.worse) for one in drawn]
        return padded_batch(rows, self.tokenizer, CONTEXT)

    def export(self, network: nn.Module, folder: Path) -> None:
        """A stock folder of the whole model in float16."""
        made: Any = network
        save_pretrained(made.policy, folder)
        self.tokenizer.save_pretrained(folder)


@dataclass(frozen=True)
class PairTraining:
    """What is trained.

    Attributes:
        model: folder of the supervised model; it is the reference too.
        rewards: folder of the regressors, from `train rewards`.
        records: folder that `make-instructpe` wrote.
        output: checkpoints, logs, curves and the model lie below it.
        requests: that are answered once, before the training.
        answers: to each request.
        blocks: so many of the last blocks learn; 0 for all weights.
    """

    model: Path
    rewards: Path
    records: Path
    output: Path
    name: str = "chat-dpo"
    origin: str = ""
    requests: int = 500
    answers: int = 4
    steps: int = 200
    learning_rate: float = 1e-4
    batch_size: int = 16
    blocks: int = 2
    seed: int = 0
    weights: RewardWeights = field(default_factory=RewardWeights)


def answer_pairs(
    model: Any,
    tokenizer: Any,
    records: Sequence[InstructPrompt],
    rewards: PromptRewards,
    training: PairTraining,
) -> list[AnswerPair]:
    """The farthest pair of each request whose answers lie far enough apart."""
    seed_torch(training.seed, -1)
    rng = np.random.default_rng(training.seed)
    requests = drawn_requests(records, training.requests, rng)
    asked = [request for request in requests for _ in range(training.answers)]
    plans = [RolloutPlan("free", ())] * len(asked)
    words = TokenWords(tokenizer)
    _, texts = draw_rollouts(model, words, tokenizer, asked, plans, NEW_TOKENS)
    rated = rewards(asked, texts)
    found = []
    for number, request in enumerate(requests):
        rows = slice(number * training.answers, (number + 1) * training.answers)
        pairs = preference_pairs(
            [one.total for one in rated[rows]],
            [one.integrity for one in rated[rows]],
            training.weights.threshold,
        )
        if pairs:
            better, worse = (texts[rows][place] for place in pairs[0])
            found.append(AnswerPair(request.question, better, worse))
    return found


def run_pairs(training: PairTraining, *, minutes: float | None = None) -> dict[str, Any]:
    """Draw the pairs and train; returns what the command prints.

    The pairs are kept in a file of the output, so a run that goes on draws none.

    Raises:
        NoRecords: there are none to learn from, or no answers differ enough.
        NoRegressor: the folder of the rewards holds something else.
    """
    records = chat_records(training.records, training.origin)
    rewards = PromptRewards(RewardRegressor.read(training.rewards), training.weights)
    model, tokenizer = load_causal_language(training.model)
    file = training.output / "pairs" / f"{training.name}.json"
    if file.is_file():  # of a run that goes on
        pairs = [AnswerPair(**one) for one in json.loads(file.read_text("utf-8"))]
    else:
        pairs = answer_pairs(model.eval(), tokenizer, records, rewards, training)
        file.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(file) as written:
            written.write(json.dumps([asdict(one) for one in pairs], indent=0).encode())
    if not pairs:
        raise NoRecords("No two answers differ enough to learn from.", "Give more --requests.")
    plan = TrainingPlan(
        steps=training.steps,
        lr=training.learning_rate,
        warmup=max(1, training.steps // 10),
        weight_decay=0.0,
        ema=0.98,
        seed=training.seed,
    )
    recipe = PairRecipe(
        training.name, model, tokenizer, pairs, plan, training.blocks, training.batch_size
    )
    outcome = run_recipe(recipe, training.output, minutes=minutes)
    return {
        **run_facts(recipe, training.output, outcome),
        "pairs": len(pairs),
        "requests": training.requests,
    }
