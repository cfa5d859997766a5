"""Modified rollouts on a toy language model (systems.md §2.7 and §8.3, row DiffChat)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from editor.ranking.content_integrity import WantedContent, content_integrity, lemmas
from inference.lab.finetune.action_modification import (
    PATIENCE,
    TOP,
    ActionModification,
    RolloutPlan,
    TokenWords,
)

QUESTION = "a red castle by the sea :"
REQUIRED = ("castle", "sea")
ROWS, TOKENS = 8, 40


class Toy:
    """A bigram model over a small vocabulary in which words are likelier than single bytes."""

    def __init__(self) -> None:
        from tests.inference.language import talkers

        text = (
            "a red castle castles by the sea with an old boat at night , oil painting , soft light"
        )
        self.tokenizer = talkers.words([(text, QUESTION)])
        self.words = TokenWords(self.tokenizer)
        size = len(self.tokenizer)
        rng = torch.Generator().manual_seed(0)
        lengths = torch.tensor(
            [float(len(self.tokenizer.decode([i]).strip())) for i in range(size)]
        )
        self.logits = torch.randn(size, size, generator=rng) + 2 * lengths.clamp(max=3)
        self.logits[:, self.tokenizer.eos_token_id] = -30.0
        self.start = torch.tensor([self.tokenizer(QUESTION).input_ids])

    def rollouts(
        self, plans: list[RolloutPlan], seed: int = 0
    ) -> tuple[list[str], torch.Tensor, ActionModification]:
        """Texts, (rows, start + TOKENS) ids, and what drew them."""
        ids = self.start.repeat(len(plans), 1)
        modified = ActionModification(plans, self.words, ids.shape[1])
        rng = torch.Generator().manual_seed(seed)
        for _ in range(TOKENS):
            likely = modified(ids, self.logits[ids[:, -1]]).softmax(-1)
            ids = torch.cat([ids, torch.multinomial(likely, 1, generator=rng)], 1)
        texts = [self.words.text(row[self.start.shape[1] :].tolist()) for row in ids]
        return texts, ids, modified


@pytest.fixture(scope="module")
def toy() -> Toy:
    return Toy()


def test_in_negative_mode_the_word_never_appears(toy: Toy) -> None:
    free, *_ = toy.rollouts([RolloutPlan("free", REQUIRED)] * ROWS)
    assert any("castle" in lemmas(text) for text in free)  # it would
    for seed in range(2):
        plans = [RolloutPlan("negative", REQUIRED, "castle")] * ROWS
        texts, *_ = toy.rollouts(plans, seed)
        assert not any("castle" in lemmas(text) for text in texts), texts


def test_no_pieces_spell_the_avoided_word(toy: Toy) -> None:
    tokenizer, words = toy.tokenizer, toy.words
    ending = tokenizer("le", add_special_tokens=False).input_ids
    if len(ending) == 1:
        assert ending[0] in words.completing("castle", "a cast")
    single = [i for i in range(len(tokenizer)) if tokenizer.decode([i]) == "e"]
    assert single
    assert set(single) <= words.completing("castle", "the old Castl")
    assert not set(single) & words.completing("castle", "the old tabl")


def test_in_positive_mode_integrity_is_no_lower_than_in_free_mode(toy: Toy) -> None:
    wanted = WantedContent(REQUIRED, ())

    def mean(mode: Any) -> float:
        found = []
        for seed in range(2):
            texts, *_ = toy.rollouts([RolloutPlan(mode, REQUIRED)] * ROWS, seed)
            found += [content_integrity(text, wanted).score for text in texts]
        return float(np.mean(found))

    assert mean("positive") > mean("free")


def test_behaviour_is_what_the_tokens_were_drawn_from(toy: Toy) -> None:
    plans = [
        RolloutPlan("free", REQUIRED),
        RolloutPlan("positive", REQUIRED),
        RolloutPlan("negative", REQUIRED, "castle"),
    ]
    _, made, modified = toy.rollouts(plans)
    behaviour = modified.behaviour(made)
    start = toy.start.shape[1]
    policy = toy.logits[made[:, start - 1 : -1]].log_softmax(-1)
    policy = policy.gather(2, made[:, start:, None])[..., 0]
    assert behaviour.shape == (3, TOKENS)
    torch.testing.assert_close(behaviour[0], policy[0], atol=1e-4, rtol=0)  # free: π itself
    # Where tokens are taken away, those that are left are likelier.
    assert (behaviour[1:] >= policy[1:] - 1e-4).all()
    assert (behaviour[2] > policy[2] + 1e-4).any()
    # The probabilities of what is allowed sum to 1, and nothing else has any.
    scores = toy.logits[made[:, start - 1]]
    again = ActionModification(plans, toy.words, start)
    changed = again(made[:, :start], scores).softmax(-1)
    torch.testing.assert_close(changed.sum(-1), torch.ones(3))
    barred = sorted(toy.words.first_tokens("castle"))
    assert not changed[2, barred].any()
    assert (changed[0] > 0).all()


def test_a_positive_rollout_is_led_after_its_patience(toy: Toy) -> None:
    tokenizer, words, ids = toy.tokenizer, toy.words, toy.start
    size, start = len(tokenizer), ids.shape[1]
    modified = ActionModification([RolloutPlan("positive", REQUIRED)], words, start)
    scores = torch.arange(size, dtype=torch.float32)[None]
    red = tokenizer(" red", add_special_tokens=False).input_ids[0]
    for step in range(PATIENCE + 1):
        allowed = modified(ids, scores).isfinite().sum().item()
        assert (allowed < size) == (step == PATIENCE)
        ids = torch.cat([ids, torch.tensor([[red]])], 1)
    first = words.first_tokens("castle") | words.first_tokens("sea")
    likeliest = set(range(size - TOP, size))
    kept = set(modified(ids, scores)[0].isfinite().nonzero()[:, 0].tolist())
    assert kept == first | likeliest
    # As soon as one appears, the rollout is free again.
    sea = torch.tensor([tokenizer(" sea", add_special_tokens=False).input_ids])
    assert modified(torch.cat([ids, sea], 1), scores).isfinite().all()


def test_transformers_generate_calls_it(toy: Toy) -> None:
    from tests.inference.language import talkers

    model = talkers.gpt2(toy.tokenizer, lines=False, width=32).eval()
    modified = ActionModification([RolloutPlan("free", REQUIRED)], toy.words, toy.start.shape[1])
    torch.manual_seed(0)
    with torch.inference_mode():
        made = model.generate(
            input_ids=toy.start, attention_mask=torch.ones_like(toy.start), do_sample=True,
            temperature=1.0, top_k=0, top_p=1.0, max_new_tokens=4,
            pad_token_id=toy.tokenizer.eos_token_id, logits_processor=[modified],
        )  # fmt: skip
        policy = model(made).logits[:, toy.start.shape[1] - 1 : -1].log_softmax(-1)
    drawn = made[:, toy.start.shape[1] :]
    policy = policy.gather(2, drawn[..., None])[..., 0]
    torch.testing.assert_close(modified.behaviour(made), policy, atol=1e-4, rtol=0)


def test_modes_are_drawn_by_their_shares() -> None:
    rng = np.random.default_rng(0)
    plans = [RolloutPlan.draw(REQUIRED, rng) for _ in range(2000)]
    counts = [sum(plan.mode == mode for plan in plans) for mode in ("free", "positive", "negative")]
    assert counts == [
        pytest.approx(1000, abs=70),
        pytest.approx(500, abs=60),
        pytest.approx(500, abs=60),
    ]
    assert {plan.avoided for plan in plans if plan.mode == "negative"} == set(REQUIRED)
    assert {plan.avoided for plan in plans if plan.mode != "negative"} == {""}
    assert RolloutPlan.draw((), rng).mode == "free"
