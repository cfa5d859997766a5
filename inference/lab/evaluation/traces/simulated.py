"""Arms on simulated artists' traces: types, similarity, remaining edits."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from editor.messages import verbatim
from editor.model.image import Pixels
from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.model.prompt_edit.prompt_tokens import key_of
from editor.ranking.fidelity import psnr, ssim
from inference.lab.evaluation.traces.arms import SuggestArm
from inference.lab.evaluation.traces.trace_items import TraceContext, TraceItem
from inference.lab.evaluation.traces.trace_pictures import PictureModel, scene_after
from inference.language.proposals import Proposal
from inference.language.remaining_edits import (
    drop_of_remaining,
    kind_of_words,
    most_similar,
    remaining_edits,
    same_type,
    similarities,
    similarity_lift,
)
from inference.starter.captions import STYLE_WORDS, WEATHER_WORDS
from inference.starter.scene import STYLES, WEATHERS

BATCH: Final = 16
UNCHANGED: Final = "unchanged"
BASELINES: Final = (UNCHANGED, "random-phrase", "modifier-list")
"""The prompt as it is; with a phrase drawn at random; with the next of a list of modifiers."""

_MODIFIERS: Final = tuple(STYLE_WORDS[style][0] for style in STYLES[1:])
_PHRASES: Final = (*_MODIFIERS, *(WEATHER_WORDS[weather][0] for weather in WEATHERS))

TraceValues = dict[str, Any]
EmbedPictures = Callable[[Pixels], NDArray[np.floating]]
"""Pictures (N, S, S, 3) to unit features (N, D)."""


class ResultStore(Protocol):
    """What was measured so far, by row and item."""

    def get(self, row: str, item: str) -> TraceValues | None:
        """What was measured, None if it was not."""

    def measured(self, row: str, item: str, measure: Callable[[], TraceValues]) -> TraceValues:
        """What was measured, or is measured now and kept."""


@dataclass
class TraceMeasures:
    """Measures proposals with one picture model.

    Attributes:
        pictures: draws the prompts.
        embed: features of pictures, of CLIP.
    """

    pictures: PictureModel
    embed: EmbedPictures
    _features: dict[str, tuple[Pixels, NDArray[np.floating]]] = field(default_factory=dict)

    def measure(self, proposal: Proposal | None, item: TraceItem) -> TraceValues:
        """Figures of a proposal; an answer that cannot be used leaves the prompt as it is.

        Returns:
            ``similar`` (MS), ``remaining`` (RNE) and ``drop`` in percent, ``to_similar`` and
            ``to_last`` (cosine to i_MS and i_N), ``lift`` of the latter over the present picture,
            ``ssim`` and ``psnr`` (dB) to i_N, ``valid``, ``kind`` by words, ``same_type`` and
            ``exact`` against what the artist did next, ``style`` of the present picture.
        """
        now, wanted = item.edit.now, item.edit.then
        scene = item.trace.scenes[item.done]
        target = (proposal.target_prompt if proposal is not None else "") or now.prompt
        edit = prompt_edit(now.prompt, target)
        picture = self.pictures.draw([scene_after(target, scene)], _seed(item))
        drawn, features = self._trace(item)
        found = similarities(self.embed(picture), features)
        similar, edits = most_similar(found), item.trace.trace.edit_count
        everywhere = np.ones(picture.shape[1:3], np.bool_)
        return {
            "similar": similar,
            "remaining": remaining_edits(similar, edits, item.done),
            "drop": drop_of_remaining(similar, edits, item.done),
            "to_similar": float(found[similar]),
            "to_last": float(found[-1]),
            "lift": similarity_lift(float(found[-1]), float(features[item.done] @ features[-1])),
            "ssim": ssim(picture[0], drawn[-1], everywhere),
            "psnr": psnr(picture[0], drawn[-1], everywhere),
            "valid": float(edit.kind != "none"),
            "kind": kind_of_words(edit),
            "wanted_kind": kind_of_words(prompt_edit(now.prompt, wanted.prompt)),
            "same_type": float(same_type(edit, prompt_edit(now.prompt, wanted.prompt))),
            "exact": float(key_of(target) == key_of(wanted.prompt)),
            "style": scene.style,
        }

    def _trace(self, item: TraceItem) -> tuple[Pixels, NDArray[np.floating]]:
        """Pictures i₀…i_N of a trace and their features."""
        found = self._features.get(item.name)
        if found is None:
            drawn = self.pictures.draw(item.trace.scenes, _seed(item))
            found = self._features[item.name] = drawn, self.embed(drawn)
        return found


def evaluate_arm(
    arm: SuggestArm,
    items: Sequence[TraceItem],
    context: TraceContext,
    measures: TraceMeasures,
    results: ResultStore,
    on_item: Callable[[int], None] = lambda count: None,
) -> list[TraceValues]:
    """Figures of an arm at every place, in order; what was measured before is not asked again."""
    row = row_name(arm.name, context, measures)
    for start in range(0, len(items), BATCH):
        missing = [i for i in items[start : start + BATCH] if results.get(row, i.name) is None]
        if missing:
            shown = [item.shown_in(context) for item in missing]
            proposals = arm.propose([edit for edit, _ in shown], shown[0][1])
            for item, proposal in zip(missing, proposals, strict=True):
                _keep(results, row, item, proposal, measures)
        on_item(min(start + BATCH, len(items)))
    return [results.get(row, item.name) or {} for item in items]


def evaluate_baseline(
    name: str,
    items: Sequence[TraceItem],
    measures: TraceMeasures,
    results: ResultStore,
) -> list[TraceValues]:
    """Figures of one of `BASELINES` at every place, in order."""
    row = row_name(name, "prompt", measures)
    for number, item in enumerate(items):
        if results.get(row, item.name) is None:
            _keep(results, row, item, _baseline(name, number, item), measures)
    return [results.get(row, item.name) or {} for item in items]


def row_name(arm: str, context: TraceContext, measures: TraceMeasures) -> str:
    """The row of an arm in a context, with one picture model."""
    return f"{measures.pictures.name}/{arm}/{context}"


def _keep(
    results: ResultStore,
    row: str,
    item: TraceItem,
    proposal: Proposal | None,
    measures: TraceMeasures,
) -> None:
    results.measured(row, item.name, lambda: measures.measure(proposal, item))


def _baseline(name: str, number: int, item: TraceItem) -> Proposal | None:
    if name == UNCHANGED:
        return None
    if name == "modifier-list":
        phrase = _MODIFIERS[number % len(_MODIFIERS)]
    else:
        rng = np.random.default_rng((0xBA5E, number))
        phrase = _PHRASES[int(rng.integers(len(_PHRASES)))]
    return Proposal(f"add {phrase}", f"{item.edit.now.prompt}, {phrase}", verbatim(""))


def _seed(item: TraceItem) -> int:
    return item.trace.scenes[0].seed % 2**31


def means(values: Sequence[TraceValues], name: str) -> list[float]:
    """One figure of all items; those that are not numbers are left out."""
    found = [value[name] for value in values if name in value]
    return [float(v) for v in found if isinstance(v, int | float) and math.isfinite(v)]


def kinds(values: Sequence[TraceValues], name: str = "kind") -> Mapping[str, float]:
    """The share of each kind of edit."""
    found = [value[name] for value in values]
    return {kind: found.count(kind) / len(found) for kind in sorted(set(found))}
