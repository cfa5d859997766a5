"""Arms on what people wrote: the next instruction of a session, the instruction for a caption."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.model.prompt_edit.prompt_tokens import key_of, words
from editor.model.trace import Trace
from inference.lab.evaluation.traces.arms import SuggestArm
from inference.lab.evaluation.traces.simulated import BATCH, ResultStore, TraceValues
from inference.lab.evaluation.traces.trace_items import TraceContext
from inference.lab.finetune.suggest_examples import ContextKind, NextEdit, next_edits
from inference.language.edit_kind import edit_kind
from inference.language.proposals import Proposal
from inference.language.remaining_edits import kind_of_words

_ENDINGS: Final = re.compile(r"(?:ing|ed|es|s|y)$")


@dataclass(frozen=True)
class TextItem:
    """A place of a trace that people wrote.

    Attributes:
        name: of trace and place.
        edit: what is known and what was asked next.
        other: the same with another trace's path; without a path where there is no other trace.
    """

    name: str
    edit: NextEdit
    other: NextEdit

    def shown_in(self, context: TraceContext) -> tuple[NextEdit, ContextKind]:
        """What an arm is asked about, and how much it sees of it."""
        return (self.other, "path") if context == "shuffled" else (self.edit, context)


def text_items(
    traces: Sequence[Trace], *, least: int = 0, most: int | None = None
) -> list[TextItem]:
    """Every place with an instruction after at least `least` others; the first `most` of them."""
    places = [
        (number, f"{trace.id}-{done}", edit)
        for number, trace in enumerate(traces)
        for done, edit in enumerate(next_edits(trace))
        if done >= least and edit.then.instruction
    ][:most]
    return [
        TextItem(name, edit, _with_path_of(edit, _stranger(places, i)))
        for i, (_, name, edit) in enumerate(places)
    ]


def evaluate_text(
    arm: SuggestArm,
    part: str,
    items: Sequence[TextItem],
    context: TraceContext,
    results: ResultStore,
    on_item: Callable[[int], None] = lambda count: None,
) -> list[TraceValues]:
    """Figures of an arm at every place, in order; what was measured before is not asked again."""
    row = f"{part}/{arm.name}/{context}"
    for start in range(0, len(items), BATCH):
        missing = [i for i in items[start : start + BATCH] if results.get(row, i.name) is None]
        if missing:
            shown = [item.shown_in(context) for item in missing]
            proposals = arm.propose([edit for edit, _ in shown], shown[0][1])
            for item, proposal in zip(missing, proposals, strict=True):
                _keep(results, row, item, proposal)
        on_item(min(start + BATCH, len(items)))
    return [results.get(row, item.name) or {} for item in items]


def measure_text(proposal: Proposal | None, edit: NextEdit) -> TraceValues:
    """Figures of a proposed instruction against the one that was given.

    Returns:
        ``valid``; ``same_type`` (put there, take away, recolour, the whole scene, replace: by the
        words of the instruction); ``exact`` (the same words) and ``soft`` (F1 of the words that
        carry meaning, endings aside), 0..1. Where the caption after it is known the same of the
        caption: ``caption_type`` (insert, delete, swap, replace, mixed), ``caption_exact`` and
        ``caption_soft``.
    """
    text = proposal.text if proposal is not None else ""
    wanted = edit.then.instruction
    values: TraceValues = {
        "valid": float(bool(text)),
        "same_type": float(bool(text) and edit_kind(text) == edit_kind(wanted)),
        "exact": float(key_of(text) == key_of(wanted)),
        "soft": overlap(text, wanted),
        "kind": edit_kind(text) or "unknown",
        "wanted_kind": edit_kind(wanted) or "unknown",
    }
    if edit.now.prompt and edit.then.prompt:
        target = proposal.target_prompt if proposal is not None else ""
        first, second = (
            kind_of_words(prompt_edit(edit.now.prompt, after))
            for after in (target, edit.then.prompt)
        )
        values["caption_type"] = float(bool(target) and first == second)
        values["caption_exact"] = float(key_of(target) == key_of(edit.then.prompt))
        values["caption_soft"] = overlap(target, edit.then.prompt)
    return values


def overlap(first: str, second: str) -> float:
    """F1 of the words of two texts without articles and prepositions, endings aside; 0..1."""
    one, other = _stems(first), _stems(second)
    common = sum((one & other).values())
    if not common:
        return 0.0
    return 2 * common / (sum(one.values()) + sum(other.values()))


def _stems(text: str) -> Counter[str]:
    keys = (word.key for word in words(text) if not word.small)
    return Counter(_ENDINGS.sub("", key) if len(key) > 4 else key for key in keys)


def _stranger(places: Sequence[tuple[int, str, NextEdit]], own: int) -> NextEdit | None:
    """The next place in turn of another trace with a path as long, else the one with the longest.

    A later place of the same trace would not do: its path holds the very instruction that is
    looked for.
    """
    trace, _, edit = places[own]
    turn = (places[(own + k) % len(places)] for k in range(1, len(places)))
    others = [one for number, _, one in turn if number != trace]
    long_enough = (one for one in others if len(one.done) >= len(edit.done))
    return next(long_enough, max(others, key=lambda one: len(one.done), default=None))


def _with_path_of(edit: NextEdit, other: NextEdit | None) -> NextEdit:
    if other is None:
        return replace(edit, done=(), refused=())
    begin = max(0, len(other.done) - len(edit.done))
    return replace(edit, done=other.done[begin:], refused=other.refused)


def _keep(results: ResultStore, row: str, item: TextItem, proposal: Proposal | None) -> None:
    results.measured(row, item.name, lambda: measure_text(proposal, item.edit))
