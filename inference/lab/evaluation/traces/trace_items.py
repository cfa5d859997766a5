"""The places of traces that arms are measured at; all arms edit the same prompts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from inference.lab.finetune.suggest_examples import ContextKind, NextEdit, next_edits
from inference.lab.storybook.hidden_goals import GoalTrace, draw_trace

TraceContext = Literal["prompt", "path", "caption", "shuffled"]
TRACE_CONTEXTS: Final[tuple[TraceContext, ...]] = ("prompt", "path", "caption", "shuffled")
"""The present prompt; and the path; and the caption; the caption with another artist's path."""

_STREAM: Final = 0xE7A1


@dataclass(frozen=True)
class TraceItem:
    """A place of a simulated trace.

    Attributes:
        name: of the item, for the report.
        trace: whose it is.
        done: t, how many edits were made.
        edit: prompt, path and what the artist did next.
        other: the same place with the path of another artist.
    """

    name: str
    trace: GoalTrace
    done: int
    edit: NextEdit
    other: NextEdit

    def shown_in(self, context: TraceContext) -> tuple[NextEdit, ContextKind]:
        """What an arm is asked about, and how much it sees of it."""
        if context == "shuffled":
            return self.other, "caption"
        return self.edit, context


def trace_items(
    count: int, seed: int, *, memoryless: bool = False, first: bool = False
) -> list[TraceItem]:
    """Places of `count` traces that no training drew.

    Args:
        count: how many, at least 2.
        seed: another one gives other traces.
        memoryless: of artists whose path helps nobody.
        first: the beginning of each trace (t = 0), else a place from 1 to N − 1.
    """
    places: list[tuple[GoalTrace, int, NextEdit]] = []
    for i in range(count):
        rng = np.random.default_rng((_STREAM, seed, i, memoryless))
        one = draw_trace(rng, memoryless=memoryless)
        done = 0 if first else int(rng.integers(1, len(one.edits)))
        places.append((one, done, list(next_edits(one.trace))[done]))
    items = []
    for i, (one, done, edit) in enumerate(places):
        stranger = _longest_of(places, i, done)
        other = replace(edit, done=stranger.done[-done:], refused=stranger.refused)
        items.append(TraceItem(f"{seed}-{i}", one, done, edit, other))
    return items


def _longest_of(places: Sequence[tuple[GoalTrace, int, NextEdit]], own: int, done: int) -> NextEdit:
    """The next item in turn with a path at least as long, else the one with the longest."""
    turn = [places[(own + k) % len(places)] for k in range(1, len(places))]
    long_enough = next((edit for _, t, edit in turn if t >= done), None)
    return long_enough or max(turn, key=lambda place: place[1])[2]
