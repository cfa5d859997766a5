"""Groups of arms compared request by request; arms of a group differ in their seed alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from scipy.stats import entropy

from editor.model.prompt_edit.prompt_tokens import chunks
from inference.lab.evaluation.traces.paired import paired_difference

ItemFigures = Mapping[str, float]
COMPARED: Final = ("total", "aesthetics", "preference", "integrity", "shown", "cosine")


def group_of(arm: str) -> str:
    """What stands before the "@" of an arm's name."""
    return arm.partition("@")[0]


def groups_of(arms: Sequence[str]) -> dict[str, list[str]]:
    """Arms by group, in the order in which they come."""
    found: dict[str, list[str]] = {}
    for arm in arms:
        found.setdefault(group_of(arm), []).append(arm)
    return found


def group_means(
    values: Mapping[str, Sequence[ItemFigures]], arms: Sequence[str], metric: str
) -> list[float]:
    """The mean of a figure over the arms of a group, request by request."""
    table = np.array([[one[metric] for one in values[arm]] for arm in arms], float)
    return [float(one) for one in table.mean(0)]


def variety(prompts: Sequence[str]) -> float:
    """How many equally frequent chunks between commas would be as varied as those of all prompts.

    The exponential of Shannon's entropy (Hill 1973, order 1). A policy that learns by rewards may
    end every prompt alike, which no figure of single prompts shows.

    Args:
        prompts: of one arm, to as many requests as those it is compared with.
    """
    counts = Counter(chunk.key for prompt in prompts for chunk in chunks(prompt))
    return float(np.exp(entropy(list(counts.values())))) if counts else 0.0


def differences(
    values: Mapping[str, Sequence[ItemFigures]], pairs: Sequence[tuple[str, str]]
) -> dict[str, dict[str, Any]]:
    """The first group minus the second, request by request, by "first-second/metric".

    Intervals are over requests; how far the seeds of a group lie apart is in `seed_means`.

    Args:
        values: figures of each request, by arm; all of the same requests.
        pairs: of groups.
    """
    groups = groups_of(list(values))
    found = {}
    for first, second in pairs:
        for metric in COMPARED:
            if all(metric in values[arm][0] for arm in (*groups[first], *groups[second])):
                sides = (group_means(values, groups[one], metric) for one in (first, second))
                found[f"{first}-{second}/{metric}"] = paired_difference(*sides).report()
    return found


def seed_means(values: Mapping[str, Sequence[ItemFigures]], metric: str) -> dict[str, list[float]]:
    """The mean of each arm, by group."""
    return {
        group: [round(float(np.mean([one[metric] for one in values[arm]])), 4) for arm in arms]
        for group, arms in groups_of(list(values)).items()
        if all(metric in values[arm][0] for arm in arms)
    }


def outcomes(
    values: Mapping[str, Sequence[ItemFigures]], pairs: Sequence[tuple[str, str]]
) -> dict[str, dict[str, int]]:
    """Win, tie and lose of the first group against the second by what the judge sees.

    Arms of the same place in their groups meet, so that three seeds give three outcomes a request.
    """
    groups = groups_of(list(values))
    found = {}
    for first, second in pairs:
        counts = {"win": 0, "tie": 0, "lose": 0}
        for one, other in zip(groups[first], groups[second], strict=False):
            for mine, theirs in zip(values[one], values[other], strict=True):
                if "shown" not in mine or "shown" not in theirs:
                    continue
                gap = mine["shown"] - theirs["shown"]
                counts["win" if gap > 0 else "lose" if gap < 0 else "tie"] += 1
        if any(counts.values()):
            found[f"{first}-{second}"] = counts
    return found
