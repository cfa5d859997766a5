"""Which prompts of a log belong to one trace: DBSCAN over text features, then gaps in time."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np

from editor.model.trace import Trace, TraceStep
from inference.language.traces.prompt_log import LogEntry

EPS: Final = 0.15
"""Largest distance (1 − cosine) of neighbours, for features of CLIP ViT-B/32."""

MIN_SAMPLES: Final = 2
GAP_SECONDS: Final = 30 * 60.0
"""A pause longer than this ends a trace."""

LEAST_EDITS: Final = 2

Embed = Callable[[Sequence[str]], Any]
"""Texts to (n, d) features of unit length, dense or sparse."""


def group_traces(
    entries: Iterable[LogEntry],
    embed: Embed,
    *,
    eps: float = EPS,
    min_samples: int = MIN_SAMPLES,
    source: str = "",
) -> tuple[Trace, ...]:
    """The traces in a log.

    For each user the entries are sorted by time and exact repeats of a prompt are dropped. DBSCAN
    (Ester et al. 1996) with the distance 1 − cosine of the features of the case-folded prompts
    groups them; what belongs to no group is dropped. A group is cut where two neighbours lie more
    than `GAP_SECONDS` apart, and kept from `LEAST_EDITS` edits on.

    Args:
        entries: of any users, in any order; those without a time keep their order.
        embed: features of texts.
        eps: largest distance of neighbours, 0..2.
        min_samples: how many neighbours, itself included, make a core point.
        source: where they come from, with the licence.

    Returns:
        By user, then by time.
    """
    users: dict[str, list[LogEntry]] = {}
    for entry in entries:
        users.setdefault(entry.user, []).append(entry)
    found: list[Trace] = []
    for number, (_, own) in enumerate(sorted(users.items())):
        prompts = _distinct(own)
        if len(prompts) <= LEAST_EDITS:
            continue
        features = embed([entry.prompt.casefold() for entry in prompts])
        labels = cluster(features, eps, min_samples)
        groups = [part for group in _groups(prompts, labels) for part in _sessions(group)]
        kept = [part for part in groups if len(part) > LEAST_EDITS]
        for index, part in enumerate(kept):
            steps = tuple(TraceStep(e.prompt, picture=e.picture, time=e.time) for e in part)
            found.append(Trace(f"{number:06d}-{index:03d}", steps, source))
    return tuple(found)


def cluster(features: Any, eps: float, min_samples: int = MIN_SAMPLES) -> np.ndarray[Any, Any]:
    """Group of each row of (n, d) features, −1 for none; distance 1 − cosine.

    The neighbourhood of a point holds all points at most `eps` away, itself included; a point with
    at least `min_samples` neighbours is a core point; groups are the connected core points with
    the neighbours they reach, a point between two groups goes to the first.
    """
    from sklearn.cluster import DBSCAN

    found = DBSCAN(eps=eps, min_samples=min_samples, metric="cosine", algorithm="brute")
    labels: np.ndarray[Any, Any] = found.fit(features).labels_
    return labels


def _distinct(entries: Sequence[LogEntry]) -> list[LogEntry]:
    """By time, each prompt once: where it was first asked for."""
    timed = sorted(entries, key=lambda e: e.time if e.time is not None else float("inf"))
    first: dict[str, LogEntry] = {}
    for entry in timed:
        first.setdefault(entry.prompt, entry)
    return list(first.values())


def _groups(entries: Sequence[LogEntry], labels: np.ndarray[Any, Any]) -> list[list[LogEntry]]:
    groups: dict[int, list[LogEntry]] = {}
    for entry, label in zip(entries, labels.tolist(), strict=True):
        if label >= 0:
            groups.setdefault(label, []).append(entry)
    return [groups[label] for label in sorted(groups)]


def _sessions(entries: Sequence[LogEntry]) -> list[list[LogEntry]]:
    """A group cut at long pauses."""
    parts = [[entries[0]]]
    for before, after in itertools.pairwise(entries):
        if (
            before.time is not None
            and after.time is not None
            and after.time - before.time > GAP_SECONDS
        ):
            parts.append([])
        parts[-1].append(after)
    return parts
