from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.model.score import BORROWED, CALIBRATED, PAPER, Gates
from inference.models.found_model import FoundModel
from inference.vision.clip.similarity import Similarity

FILE = "ranking.json"
"""Beside the weights in the CLIP model's folder, so that it goes where they go."""

VERSION = 1
QUANTILES = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99)
MISSED = 0.02
"""Share of gold edits that each gate turns away."""

LARGEST_WEIGHT = 10.0
SIGLIP = "siglip"
"""Name of the family."""
_BYTES = 1 << 20


@dataclass(frozen=True)
class Calibration:
    """The scale on which a CLIP model measures gold edits of its domain.

    Attributes:
        weights: digest of the weights it was measured with.
        direction: gate of the directional similarity.
        caption: gate of picture and caption.
        drop: how much worse, at most, a gold edit fits its caption than the source fits its own
            (0 or less): a candidate that fits the new caption much worse does not show it.
        image: (offset, slope, low, high): gold edits whose captions are `t` alike keep the picture
            `offset + slope · t` alike, give or take: from `low` to `high` of that the change is
            neither more nor less than what was asked.
        pairs: how many gold edits it was measured on.
        quantiles: of each figure over them, by name and by the share below; for the docs.
        target_weight: weight of the similarity with the caption after beside the direction, 0 to
            `LARGEST_WEIGHT`; measured on groups whose best candidate is known.
    """

    weights: str
    direction: float
    caption: float
    drop: float
    image: tuple[float, float, float, float]
    pairs: int
    quantiles: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    target_weight: float = 0.0

    def gates(self, text: float | None, source: float | None = None) -> Gates:
        """The bar for one edit.

        Args:
            text: how alike its captions are; None if that is not known.
            source: how well its source fits the caption before; None if that is not known.
        """
        offset, slope, low, high = self.image
        if text is None:
            spread = self.quantiles.get("image", {})
            least, most = spread.get(str(MISSED), -1.0), 1.0
        else:
            usual = offset + slope * text
            least, most = usual + low, usual + high
        return Gates(
            image=min(max(least, -1.0), 0.999),
            direction=self.direction,
            caption=self.caption if source is None else max(self.caption, source + self.drop),
            most=min(max(most, least, -1.0), 1.0),
            origin=CALIBRATED,
            target_weight=self.target_weight,
        )

    def to_json(self) -> dict[str, Any]:
        """What the file holds."""
        return {
            "version": VERSION,
            "weights": self.weights,
            "gates": {
                "direction": self.direction,
                "caption": self.caption,
                "drop": self.drop,
                "image": dict(
                    zip(("offset", "slope", "low", "high"), self.image, strict=True)
                ),
            },
            "target_weight": self.target_weight,
            "pairs": self.pairs,
            "quantiles": {name: dict(values) for name, values in self.quantiles.items()},
        }  # fmt: skip

    @classmethod
    def from_json(cls, values: Any) -> Calibration:
        """The inverse of `to_json`; raises `ValueError`, `KeyError` or `TypeError`."""
        if values["version"] != VERSION:
            raise ValueError("another version")
        gates = values["gates"]
        line = gates["image"]
        return cls(
            str(values["weights"]),
            _number(gates["direction"]),
            _number(gates["caption"]),
            min(0.0, _number(gates["drop"], 2.0)),
            tuple(_number(line[name], 100.0) for name in ("offset", "slope", "low", "high")),  # type: ignore[arg-type]  # four of them
            int(values["pairs"]),
            {
                str(name): {str(share): _number(value) for share, value in row.items()}
                for name, row in values["quantiles"].items()
            },
            max(0.0, _number(values.get("target_weight", 0.0), LARGEST_WEIGHT)),
        )

    def write(self, folder: Path) -> Path:
        """Write it beside the weights."""
        path = folder / FILE
        draft = folder / f".{FILE}"
        draft.write_text(json.dumps(self.to_json(), indent=1) + "\n", "utf-8")
        draft.replace(path)
        return path


def calibrate(found: Sequence[Similarity], weights: str) -> Calibration:
    """Measure a model's scale.

    Each gate lets all but `MISSED` of the gold edits through. How far a gold edit moves the
    picture depends on how much was asked, which the captions tell: a straight line by least
    squares, and the same share of the edits below and above it turned away.

    Args:
        found: of gold edits with true captions, at least 20.
        weights: digest of the model's weights.
    """
    if len(found) < 20:
        raise ValueError("a calibration needs at least 20 gold edits")
    direction = _column([one.direction for one in found])
    image = _column([one.image for one in found])
    source, target = _column([one.source for one in found]), _column([one.target for one in found])
    text = _column([one.text for one in found])
    slope, offset = np.polyfit(text, image, 1) if np.ptp(text) > 1e-6 else (0.0, image.mean())
    rest = image - (offset + slope * text)
    columns = {"direction": direction, "image": image, "source": source, "target": target,
               "text": text}  # fmt: skip
    return Calibration(
        weights,
        _rounded(np.quantile(direction, MISSED)),
        _rounded(np.quantile(np.minimum(source, target), MISSED)),
        min(0.0, _rounded(np.quantile(target - source, MISSED))),
        (
            _rounded(offset),
            _rounded(slope),
            _rounded(np.quantile(rest, MISSED)),
            _rounded(np.quantile(rest, 1.0 - MISSED)),
        ),
        len(found),
        {
            name: {str(share): _rounded(np.quantile(column, share)) for share in QUANTILES}
            for name, column in columns.items()
        },
    )


def read_calibration(folder: Path, weights: str) -> Calibration | None:
    """The calibration in a model's folder; None if there is none that fits these weights."""
    path = folder / FILE
    try:
        if path.stat().st_size > _BYTES:
            return None
        found = Calibration.from_json(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # a file from anywhere: if it is not valid the default bar holds
    return found if found.weights == weights else None


def default_gates(model: FoundModel) -> Gates:
    """The bar of a model without calibration: the paper's; `origin` says whether it fits.

    SigLIP was trained to tell apart by a bias of its own, so that its cosines of pictures and true
    captions lie near 0.1: any that is not negative passes.
    """
    if model.family == SIGLIP:
        return Gates(caption=0.0, origin=BORROWED)
    return Gates(origin=PAPER if is_vit_l_14(model.folder) else BORROWED)


def is_vit_l_14(folder: Path) -> bool:
    """True if a folder's config describes a ViT-L/14, for which the paper's gates were chosen."""
    tower: Any = {}
    for name, part in (("open_clip_config.json", "model_cfg"), ("config.json", None)):
        try:
            values = json.loads((folder / name).read_text("utf-8"))
            inner = values[part] if part else values
            tower = inner["vision_cfg" if part else "vision_config"]
            break
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
    if not isinstance(tower, dict):
        return False
    layers = tower.get("layers", tower.get("num_hidden_layers"))
    width = tower.get("width", tower.get("hidden_size"))
    return (layers, width, tower.get("patch_size")) == (24, 1024, 14)


def _column(values: Sequence[float | None]) -> NDArray[np.float64]:
    if any(value is None for value in values):
        raise ValueError("gold edits have both captions, and they differ")
    return np.array(values, np.float64)


def _number(value: Any, limit: float = 1.0) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    if not math.isfinite(value) or abs(value) > limit:
        raise ValueError("out of range")
    return float(value)


def _rounded(value: float | np.floating[Any]) -> float:
    return round(float(value), 5)
