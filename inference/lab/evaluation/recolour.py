"""Recolours without a model against gold: storybook scenes whose thing has another colour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.ndimage import binary_erosion, gaussian_filter

from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image, Pixels
from editor.model.patch import settings_of
from editor.model.selection import Selection
from editor.ranking.fidelity import Mask
from editor.render import composite
from editor.render.color import SRGB
from editor.tone import read
from editor.tone.colours import hex_of
from inference.lab.evaluation.colour_difference import delta_e_2000
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.storybook.edits import Edit, Gold, gold, sample_edit
from inference.lab.storybook.render import PAINTS
from inference.methods.adjust import INFO as ADJUST
from inference.methods.adjust import Adjust

SIDE: Final = 384
_STREAM: Final = 0x2EC0
_PAINTED: Final = 12
"""What gold changes by this many levels of 255 is the paint."""
_REACH: Final = 3
"""Pixels to each side in which the window of the structure term has nearly all of its weight."""
_STRUCTURE: Final = (0.03 * 100) ** 2 / 2
"""C3 of the structure term (Wang et al. 2004) for L*, 0..100."""


@dataclass(frozen=True)
class RecolourCase:
    """One recolour with its gold.

    Attributes:
        named: the words with the colour's name.
        exact: the words with the paint of the storybook as hex.
        paint: where gold is painted in another colour, (H, W).
    """

    edit: Edit
    gold: Gold
    named: str
    exact: str
    paint: Mask


def recolour_cases(count: int, seed: int, size: int = SIDE) -> Iterator[RecolourCase]:
    """Recolours that training never drew, with the words an artist would say."""
    for index in range(count):
        edit = sample_edit(np.random.default_rng((_STREAM, seed, index)), "recolour")
        pixels = gold(edit, size)
        change = np.abs(pixels.source.astype(np.int16) - pixels.target).max(axis=2)
        value = hex_of(tuple(channel / 255 for channel in PAINTS[edit.value]))
        thing = edit.source.subject if edit.attribute == "colour" else edit.source.second
        yield RecolourCase(
            edit,
            pixels,
            f"paint the {thing} {edit.value}",
            f"paint the {thing} {value}",
            (change > _PAINTED) & (pixels.mask > 0),
        )


def recoloured(source: Image, selection: Selection | None, words: str) -> Image:
    """The first reading of words about a picture, as `adjust` renders it."""
    reading = read(words, has_selection=selection is not None, count=1)[0]
    request = EditRequest(
        source.pixel_digest,
        selection.digest if selection is not None else None,
        Instruction(words),
        ADJUST.name,
        ADJUST.version,
        settings_of(reading.adjustments.to_settings()),
    )
    (patch,) = Adjust(None).edit([request], source, selection, lambda step: None)
    return composite.render(source, patch, selection)


def evaluate_recolours(count: int, seed: int = 0, size: int = SIDE) -> dict[str, Any]:
    """Figures over ``count`` recolours of a selected thing, its gold mask as the selection.

    ``delta_e``: mean CIEDE2000 of the paint to gold, for the colour by name and, under
    ``exact``, for the gold's own paint as hex; ``delta_e_source`` of the unedited paint.
    ``structure``: mean structure term of SSIM (Wang et al. 2004, eq. 10) of L* between source and
    result where its window sees the paint alone; ``structure_gold`` between gold and result in all
    of the paint, its edges to other things included. ``outside_equal``: share of scenes whose
    bytes outside are the source's. ``rows`` has the means with their intervals.
    """
    rows: list[dict[str, Any]] = []
    for case in recolour_cases(count, seed, size):
        source, selection = Image.from_array(case.gold.source), Selection.from_array(case.gold.mask)
        inner = binary_erosion(case.paint, iterations=_REACH)
        if not inner.any():
            continue  # too small or too hatched a thing
        row: dict[str, Any] = {
            "light": case.edit.source.light,
            "style": case.edit.source.style,
            "colour": case.edit.value,
            "delta_e_source": _difference(case.gold.source, case),
        }
        for name, words in (("named", case.named), ("exact", case.exact)):
            made = recoloured(source, selection, words).array()
            row[name] = {
                "delta_e": _difference(made, case),
                "structure": structure(case.gold.source, made, inner),
                "structure_gold": structure(case.gold.target, made, case.paint),
                "outside_equal": bool((made == case.gold.source)[case.gold.mask == 0].all()),
            }
        rows.append(row)
    found = Findings()
    for row in rows:
        for name in ("named", "exact"):
            for measure, value in row[name].items():
                found.value(f"{name}.{measure}", value)
    return {
        "protocol": "recolour",
        "scenes": len(rows),
        "side": size,
        "seed": seed,
        "delta_e_source": _mean(row["delta_e_source"] for row in rows),
        **{name: _figures([row[name] for row in rows]) for name in ("named", "exact")},
        **{
            f"by_{key}": {
                value: {
                    name: _mean(row[name]["delta_e"] for row in rows if row[key] == value)
                    for name in ("named", "exact")
                }
                for value in sorted({str(row[key]) for row in rows})
            }
            for key in ("colour", "light", "style")
        },
        "rows": [figure.report() for figure in found.rows()],
    }


def structure(first: Pixels, second: Pixels, mask: Mask) -> float:
    """Mean structure term of SSIM of L* inside ``mask``: the same forms, whatever the contrast."""
    one, two = (SRGB.to_lab(picture)[..., 0].astype(np.float64) for picture in (first, second))
    mean_one, mean_two = _blurred(one), _blurred(two)
    var_one = np.maximum(_blurred(one * one) - mean_one**2, 0)
    var_two = np.maximum(_blurred(two * two) - mean_two**2, 0)
    common = _blurred(one * two) - mean_one * mean_two
    term = (common + _STRUCTURE) / (np.sqrt(var_one * var_two) + _STRUCTURE)
    return float(term[mask].mean())


def _blurred(values: Any) -> Any:
    return gaussian_filter(values, 1.5, truncate=3.5)


def _difference(made: Pixels, case: RecolourCase) -> float:
    one, two = SRGB.to_lab(made[case.paint][None]), SRGB.to_lab(case.gold.target[case.paint][None])
    return float(delta_e_2000(one, two).mean())


def _figures(rows: list[dict[str, Any]]) -> dict[str, float]:
    return {name: _mean(row[name] for row in rows) for name in rows[0]} if rows else {}


def _mean(values: Any) -> float:
    found = [float(value) for value in values]
    return round(sum(found) / max(1, len(found)), 4)
