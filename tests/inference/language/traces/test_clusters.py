"""Traces out of a log, against groups worked out by hand and a plain second DBSCAN."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from inference.language.traces.clusters import GAP_SECONDS, cluster, group_traces
from inference.language.traces.prompt_log import LogEntry
from inference.language.traces.text_features import WORDS_EPS, shared_words


def at(*degrees: float) -> NDArray[np.float64]:
    """Unit vectors in the plane; the cosine of two is the cosine of the angle between them."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], 1)


def plain_dbscan(features: NDArray[np.float64], eps: float, least: int) -> list[int]:
    """DBSCAN as its definition reads: core points, their connected groups, what they reach."""
    distances = 1 - features @ features.T
    near = [set(np.flatnonzero(row <= eps)) for row in distances]
    labels = [-1] * len(features)
    label = 0
    for i in range(len(features)):
        if len(near[i]) < least or labels[i] >= 0:
            continue
        waiting = [i]
        while waiting:
            j = waiting.pop()
            if labels[j] >= 0:
                continue
            labels[j] = label
            if len(near[j]) >= least:
                waiting += [int(k) for k in near[j]]
        label += 1
    return labels


def test_groups_worked_out_by_hand() -> None:
    # 1 − cos 30° = 0.134, 1 − cos 32° = 0.152: 0°, 30°, 60° are a chain, 92° lies just outside.
    features = at(0, 30, 60, 92, 200, 201)
    assert cluster(features, 0.15).tolist() == [0, 0, 0, -1, 1, 1]
    assert cluster(features, 0.155).tolist() == [0, 0, 0, 0, 1, 1]


def test_a_point_between_two_groups_goes_to_the_first() -> None:
    # 1 − cos 29° = 0.125: 60° has three neighbours with itself and is reached from both sides.
    features = at(20, 21, 22, 31, 60, 89, 98, 99, 100)
    assert cluster(features, 0.13, 4).tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize("seed", range(8))
def test_groups_are_those_of_the_definition(seed: int) -> None:
    rng = np.random.default_rng(seed)
    features = at(*rng.uniform(0, 360, 40))
    for eps, least in itertools.product((0.001, 0.003, 0.02), (2, 3, 4)):
        assert cluster(features, eps, least).tolist() == plain_dbscan(features, eps, least)


PLACES = {"a": 0.0, "b": 10.0, "c": 20.0, "x": 180.0, "y": 190.0, "z": 200.0, "far": 90.0}


def embed(texts: Sequence[str]) -> NDArray[np.float64]:
    return at(*(PLACES[text] for text in texts))


def log(*rows: tuple[str, str, float | None]) -> list[LogEntry]:
    return [LogEntry(user, prompt, time) for user, prompt, time in rows]


def prompts_of(entries: list[LogEntry]) -> list[list[str]]:
    return [[s.prompt for s in t.steps] for t in group_traces(entries, embed, source="S")]


def test_traces_are_a_users_groups_by_time() -> None:
    entries = log(
        ("u", "b", 20.0), ("u", "a", 10.0), ("v", "a", 1.0), ("u", "x", 15.0), ("u", "c", 30.0),
        ("u", "far", 31.0), ("u", "z", 40.0), ("u", "y", 35.0), ("v", "b", 2.0),
    )  # fmt: skip
    assert prompts_of(entries) == [["a", "b", "c"], ["x", "y", "z"]]
    trace = group_traces(entries, embed, source="S")[0]
    assert (trace.source, trace.steps[0].time, trace.edit_count) == ("S", 10.0, 2)


def test_exact_repeats_are_dropped_and_case_is_not() -> None:
    entries = log(
        ("u", "a", 1.0), ("u", "a", 2.0), ("u", "A", 3.0), ("u", "b", 4.0), ("u", "a", 5.0)
    )
    assert prompts_of(entries) == [["a", "A", "b"]]


def test_a_pause_cuts_a_group_and_two_prompts_are_no_trace() -> None:
    late = 3.0 + GAP_SECONDS
    entries = log(
        ("u", "a", 1.0),
        ("u", "b", 2.0),
        ("u", "c", 3.0),
        ("u", "A", late + 1),
        ("u", "B", late + 2),
    )
    assert prompts_of(entries) == [["a", "b", "c"]]
    entries[3:] = log(("u", "A", late), ("u", "B", late + 2))
    assert prompts_of(entries) == [["a", "b", "c", "A", "B"]]


def test_without_times_the_order_of_the_log_stays() -> None:
    assert prompts_of(log(("", "c", None), ("", "a", None), ("", "b", None))) == [["c", "a", "b"]]


def test_shared_words_are_compared_as_documented() -> None:
    features = shared_words(["a red house, oil", "a red house", "two dogs"])
    cosine = (features @ features.T).toarray()
    assert cosine[0, 1] == pytest.approx(3 / np.sqrt(5 * 3))
    assert cosine[0, 2] == 0
    assert cluster(features, WORDS_EPS).tolist() == [0, 0, -1]
