from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from editor.ranking.learn import DECISIVE, LEAST_CHOICES, KeptChoice, learn_weights
from editor.ranking.weights import Sides, Weights


def artist(hidden: Weights, count: int, seed: int = 0) -> list[KeptChoice]:
    """What an artist keeps of four results, who weighs them so and is as decisive as assumed."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        results = [Sides(*values) for values in rng.uniform(0, 0.4, (4, 3))]
        liked = [DECISIVE * one.total(hidden) + rng.gumbel() for one in results]
        kept = results.pop(int(np.argmax(liked)))
        made.append(KeptChoice(kept, tuple(results)))
    return made


def test_few_choices_teach_nothing() -> None:
    choices = artist(Weights(2.0, 0.2, 0.2), LEAST_CHOICES - 1)
    assert learn_weights(choices, Weights()) is None
    alone = [KeptChoice(Sides(1, 1, 1), ())] * LEAST_CHOICES
    assert learn_weights(alone, Weights()) is None


@pytest.mark.parametrize("hidden", [Weights(2.0, 0.3, 1.0), Weights(0.3, 2.0, 1.0)])
def test_many_choices_find_what_the_artist_weighs(hidden: Weights) -> None:
    learnt = learn_weights(artist(hidden, 600), Weights())
    assert learnt is not None
    assert astuple(learnt) == pytest.approx(astuple(hidden), abs=0.3)


def test_choices_that_do_not_differ_leave_the_sliders() -> None:
    same = Sides(0.3, 0.2, 0.1)
    prior = Weights(1.5, 0.5, 1.0)
    learnt = learn_weights([KeptChoice(same, (same, same))] * 30, prior)
    assert learnt is not None
    assert astuple(learnt) == pytest.approx(astuple(prior))


def test_weights_stay_within_their_range() -> None:
    """An artist who always keeps what follows the words least does not turn the weight over."""
    contrary = [KeptChoice(Sides(0.0, 0.1, 0.1), (Sides(0.9, 0.1, 0.1),))] * 200
    learnt = learn_weights(contrary, Weights())
    assert learnt is not None
    assert learnt.words == 0.0


def test_the_order_of_choices_does_not_matter() -> None:
    choices = artist(Weights(1.6, 0.5, 1.2), 40)
    one, two = learn_weights(choices, Weights()), learn_weights(choices[::-1], Weights())
    assert one is not None
    assert two is not None
    assert astuple(one) == pytest.approx(astuple(two))
