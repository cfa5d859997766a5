"""The experiment: every arm in every context, the differences between contexts, the controls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from inference.lab.evaluation.starter.figures import Figure, bootstrap
from inference.lab.evaluation.traces.arms import SuggestArm
from inference.lab.evaluation.traces.paired import paired_difference
from inference.lab.evaluation.traces.real_text import TextItem, evaluate_text
from inference.lab.evaluation.traces.simulated import (
    BASELINES,
    ResultStore,
    TraceMeasures,
    TraceValues,
    evaluate_arm,
    evaluate_baseline,
    kinds,
    means,
    row_name,
)
from inference.lab.evaluation.traces.trace_items import TRACE_CONTEXTS, TraceContext, TraceItem

SIMULATED: Final = (
    "remaining",
    "drop",
    "similar",
    "to_similar",
    "to_last",
    "lift",
    "ssim",
    "psnr",
    "same_type",
    "exact",
    "valid",
)
WRITTEN: Final = (
    "same_type",
    "exact",
    "soft",
    "valid",
    "caption_type",
    "caption_exact",
    "caption_soft",
)
COMPARED: Final[tuple[tuple[TraceContext, TraceContext], ...]] = (
    ("prompt", "path"),
    ("prompt", "caption"),
    ("shuffled", "caption"),
    ("prompt", "shuffled"),
)
"""Contexts whose remaining edits are compared place by place; the first minus the second."""

OnRow = Callable[[str, float], None]


@dataclass
class TraceFindings:
    """What was measured.

    Attributes:
        rows: figures by row.
        kinds: shares of kinds of edits by row, and of the artists' own under "artists".
        differences: of remaining edits, by "ARM/CONTEXT-CONTEXT".
        slices: remaining edits by row and slice ("kind=insert", "style=flat").
    """

    rows: dict[str, list[Figure]] = field(default_factory=dict)
    kinds: dict[str, Mapping[str, float]] = field(default_factory=dict)
    differences: dict[str, dict[str, Any]] = field(default_factory=dict)
    slices: dict[str, dict[str, Figure]] = field(default_factory=dict)

    def report(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "rows": {name: [row.report() for row in rows] for name, rows in self.rows.items()},
            "kinds": {
                row: {kind: round(share, 4) for kind, share in shares.items()}
                for row, shares in self.kinds.items()
            },
            "differences": self.differences,
            "slices": {
                row: {name: figure.report() for name, figure in found.items()}
                for row, found in self.slices.items()
            },
        }


def compare_simulated(
    arms: Sequence[SuggestArm],
    items: Sequence[TraceItem],
    measures: TraceMeasures,
    results: ResultStore,
    *,
    contexts: Sequence[TraceContext] = TRACE_CONTEXTS,
    on_row: OnRow = lambda row, share: None,
) -> TraceFindings:
    """Every arm in every context, on simulated traces."""
    found = TraceFindings()
    for arm in arms:
        values: dict[TraceContext, list[TraceValues]] = {}
        for context in contexts:
            row = row_name(arm.name, context, measures)

            def on_item(count: int, row: str = row) -> None:
                on_row(row, count / len(items))

            values[context] = evaluate_arm(arm, items, context, measures, results, on_item)
            _add(found, row, values[context], SIMULATED)
            found.slices[row] = _slices(values[context])
        for first, second in COMPARED:
            if first in values and second in values:
                pair = [[v["remaining"] for v in values[c]] for c in (first, second)]
                name = f"{measures.pictures.name}/{arm.name}/{first}-{second}"
                found.differences[name] = paired_difference(*pair).report()
    return found


def compare_baselines(
    items: Sequence[TraceItem],
    measures: TraceMeasures,
    results: ResultStore,
    *,
    on_row: OnRow = lambda row, share: None,
) -> TraceFindings:
    """The baselines on simulated traces, and the kinds of the artists' own edits."""
    found = TraceFindings()
    for name in BASELINES:
        row = row_name(name, "prompt", measures)
        on_row(row, 0.0)
        values = evaluate_baseline(name, items, measures, results)
        _add(found, row, values, SIMULATED)
        found.kinds["artists"] = kinds(values, "wanted_kind")
    return found


def compare_written(
    arms: Sequence[SuggestArm],
    part: str,
    items: Sequence[TextItem],
    contexts: Sequence[TraceContext],
    results: ResultStore,
    *,
    on_row: OnRow = lambda row, share: None,
) -> TraceFindings:
    """Every arm in every context on what people wrote; differences are of the soft match."""
    found = TraceFindings()
    for arm in arms:
        values: dict[TraceContext, list[TraceValues]] = {}
        for context in contexts:
            row = f"{part}/{arm.name}/{context}"

            def on_item(count: int, row: str = row) -> None:
                on_row(row, count / len(items))

            values[context] = evaluate_text(arm, part, items, context, results, on_item)
            _add(found, row, values[context], WRITTEN)
        for first, second in COMPARED:
            if first in values and second in values:
                pair = [[v["soft"] for v in values[c]] for c in (second, first)]
                name = f"{part}/{arm.name}/{second}-{first}"
                found.differences[name] = paired_difference(*pair).report()
        found.kinds[f"{part}/people"] = kinds(values[contexts[0]], "wanted_kind")
    return found


def _add(
    found: TraceFindings, row: str, values: Sequence[TraceValues], names: Sequence[str]
) -> None:
    found.rows[row] = [_figure(name, numbers) for name in names if (numbers := means(values, name))]
    found.kinds[row] = kinds(values)


def _slices(values: Sequence[TraceValues]) -> dict[str, Figure]:
    """Remaining edits by the kind that the artist chose, by the proposed kind and by style."""
    groups: dict[str, list[float]] = {}
    for value in values:
        names = (
            f"wanted={value['wanted_kind']}",
            f"proposed={value['kind']}",
            f"style={value['style']}",
        )
        for name in names:
            groups.setdefault(name, []).append(value["remaining"])
    return {name: _figure("remaining", numbers) for name, numbers in sorted(groups.items())}


def _figure(name: str, values: Sequence[float]) -> Figure:
    low, high = bootstrap(values)
    return Figure(name, len(values), "bootstrap", sum(values) / len(values), low, high)
