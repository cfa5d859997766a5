"""Simulated artists: fixed before any model learnt from them, and as documented."""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from inference.lab.storybook import hidden_goals
from inference.lab.storybook.hidden_goals import (
    EDITS,
    TASTES,
    GoalTrace,
    draw_trace,
    draw_traces,
)
from inference.language.remaining_edits import type_shares
from inference.starter.captions import canonical
from inference.starter.scene import ATTRIBUTES, is_held_out, is_unseen
from inference.starter.world_captions import read_caption

SHA256 = "5737dbc72fc117c0e53861f43e2d28c54616a99a9c10316ee0c37e107531825a"
"""Models were trained on what this very file draws: with another one they are trained again."""


@pytest.fixture(scope="module")
def traces() -> list[GoalTrace]:
    return list(draw_traces(200, 3))


@pytest.fixture(scope="module")
def memoryless() -> list[GoalTrace]:
    return list(draw_traces(200, 3, memoryless=True))


def test_the_simulator_is_the_one_that_models_learnt_from() -> None:
    source = Path(str(hidden_goals.__file__)).read_bytes()
    assert hashlib.sha256(source).hexdigest() == SHA256


def test_equal_states_give_equal_traces() -> None:
    assert draw_trace(np.random.default_rng(5)) == draw_trace(np.random.default_rng(5))


def test_prompts_captions_and_scenes_agree(traces: list[GoalTrace]) -> None:
    for one in traces[:60]:
        kept = one.trace.kept
        assert EDITS[0] <= len(one.edits) <= EDITS[1]
        assert len(one.scenes) == len(kept) == len(one.edits) + 1
        for step, scene in zip(kept, one.scenes, strict=True):
            assert step.caption == canonical(scene)
            assert not is_unseen(scene)
            assert not is_held_out(scene)
            named = read_caption(step.prompt).values
            true = scene.attributes()
            wrong = {n for n, v in named.items() if n != "second_colour" and true[n] != v}
            assert wrong == set(), step.prompt
        for edit, (before, after) in zip(one.edits, itertools.pairwise(one.scenes), strict=True):
            assert (edit.source, edit.target) == (before, after)


def test_kinds_are_as_often_as_people_edit(
    traces: list[GoalTrace], memoryless: list[GoalTrace]
) -> None:
    for made in (traces, memoryless):
        edits = [edit for one in made for edit in one.trace.edits if edit is not None]
        shares = Counter(type_shares(edits))
        assert 0.45 < shares["replace"] < 0.6
        assert shares["replace"] > shares["insert"] > shares["delete"] > 0.1


def test_a_taste_explains_an_artists_edits(traces: list[GoalTrace]) -> None:
    """Of the values an artist sets nine in ten fit one taste; a memoryless one's do not."""

    def best_share(one: GoalTrace) -> float:
        fits = (
            sum(taste[e.attribute] == e.value or e.value in ("none", "bare") for e in one.edits)
            for taste in TASTES
        )
        return max(fits) / len(one.edits)

    assert np.mean([best_share(one) for one in traces]) > 0.85
    assert np.mean([best_share(one) for one in draw_traces(60, 4, memoryless=True)]) < 0.75


def test_goals_are_reached_once(traces: list[GoalTrace]) -> None:
    repeats = sum(len(one.edits) - len({edit.attribute for edit in one.edits}) for one in traces)
    assert repeats / sum(len(one.edits) for one in traces) < 0.12


def test_edits_come_in_runs(traces: list[GoalTrace], memoryless: list[GoalTrace]) -> None:
    whole = ("light", "weather", "season", "style")

    def same(made: list[GoalTrace]) -> float:
        pairs = [
            p for one in made for p in itertools.pairwise(e.attribute in whole for e in one.edits)
        ]
        return float(np.mean([a == b for a, b in pairs]))

    assert same(traces) > same(memoryless) + 0.1


def test_refusals_stand_before_what_was_done(traces: list[GoalTrace]) -> None:
    steps = [step for one in traces for step in one.trace.steps]
    refused = [step for step in steps if not step.accepted]
    assert 0.15 < len(refused) / len([s for s in steps if s.accepted]) < 0.4
    assert all(step.instruction and not step.prompt for step in refused)
    assert all(one.trace.steps[-1].accepted for one in traces)


def test_tastes_are_of_the_world() -> None:
    for taste in TASTES:
        assert all(value in ATTRIBUTES[name] for name, value in taste.items())
