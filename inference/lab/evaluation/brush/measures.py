"""Everything that is measured of one result on MagicBrush's layout."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from editor.model.image import Image, Pixels
from editor.ranking.fidelity import Mask
from inference.lab.evaluation.brush.distances import outside_fidelity, target_distances
from inference.lab.evaluation.brush.layout import BrushSession, BrushTurn, read_inside, read_picture
from inference.lab.evaluation.clip_columns import ClipColumns
from inference.lab.evaluation.dino import DinoFeatures, cosine
from inference.models.store import ModelStore
from inference.vision.clip.embeddings import Embeddings

CLIP_COLUMNS: Final = ("clip_i", "clip_t", "clip_t_global", "direction")
COLUMNS: Final = ("l1", "l2", *CLIP_COLUMNS[:1], "dino", *CLIP_COLUMNS[1:], "psnr_out", "ssim_out")
"""In the order of the tables: distances to the target, CLIP and DINO similarity to it, CLIP
similarity to its local and its global caption, directional similarity, and fidelity to the source
outside the mask."""

_KEPT: Final = 4096
"""Features of targets: a kilobyte each."""


@dataclass(frozen=True)
class WantedPicture:
    """What a result is compared with.

    Attributes:
        source, target: (H, W, 3) uint8.
        inside: where the edit belongs, (H, W); None where no mask says it.
        source_caption, target_caption, local_caption: "" where there is none.
        key: names the target.
    """

    source: Pixels
    target: Pixels
    inside: Mask | None
    source_caption: str
    target_caption: str
    local_caption: str
    key: str

    @classmethod
    def of_turn(cls, turn: BrushTurn) -> WantedPicture:
        """A turn from the given picture."""
        return cls(
            read_picture(turn.source),
            read_picture(turn.target),
            read_inside(turn.mask) if turn.mask is not None else None,
            turn.source_caption,
            turn.target_caption,
            turn.local_caption,
            turn.item,
        )

    @classmethod
    def of_session(cls, session: BrushSession) -> WantedPicture:
        """The end of a session beside its first picture; all masks together."""
        first, last = session.turns[0], session.turns[-1]
        source = read_picture(first.source)
        masks = [read_inside(turn.mask) for turn in session.turns if turn.mask is not None]
        whole = len(masks) == len(session.turns) and len({mask.shape for mask in masks}) == 1
        return cls(
            source,
            read_picture(last.target),
            np.logical_or.reduce(masks) if whole else None,
            first.source_caption,
            last.target_caption,
            last.local_caption,
            last.item,
        )


class BrushMeasures:
    """Measures results; networks that are not installed leave their columns out.

    Attributes:
        clip: CLIP as the authors' script uses it.
        dino: None leaves ``dino`` out.
    """

    def __init__(self, models: ModelStore, dino: DinoFeatures | None) -> None:
        self.clip = ClipColumns(models)
        self.dino = dino
        self._embeddings = Embeddings(models)
        self._targets: OrderedDict[tuple[str, str], NDArray[np.float32]] = OrderedDict()

    @property
    def columns(self) -> dict[str, str]:
        """Columns of the tables by measure: those of networks name theirs (``clip_i@starter``)."""
        names = {name: name for name in COLUMNS}
        if self.clip.name is not None:
            names |= {name: f"{name}@{self.clip.name}" for name in CLIP_COLUMNS}
        if self.dino is not None:
            names["dino"] = f"dino@{self.dino.name}"
        return names

    def missing(self) -> list[str]:
        """A sentence for every network whose columns stay empty."""
        sentences = []
        if self.clip.name is None:
            names = ", ".join(CLIP_COLUMNS)
            sentences.append(f"No CLIP model is installed: {names} are empty.")
        if self.dino is None:
            sentences.append(
                "The weights of DINO ViT-S/16 are not there (--dino DIR): dino is empty. No other "
                "network takes its name."
            )
        return sentences

    def of(self, made: Pixels, wanted: WantedPicture) -> dict[str, float]:
        """Measures by name, of those in `COLUMNS` that can be taken.

        Args:
            made: the result, (h, w, 3) uint8.
            wanted: what it is compared with.
        """
        values = target_distances(made, wanted.target)
        if self.clip.name is not None:
            values |= self._of_clip(made, wanted)
        if self.dino is not None:
            target = self._target("dino", wanted)
            values["dino"] = cosine(self.dino.picture(made), target)
        if wanted.inside is not None:
            values |= outside_fidelity(made, wanted.source, wanted.inside)
        return values

    def _of_clip(self, made: Pixels, wanted: WantedPicture) -> dict[str, float]:
        feature = self.clip.picture(made)
        values = {"clip_i": cosine(feature, self._target("clip", wanted))}
        for name, caption in (
            ("clip_t", wanted.local_caption),
            ("clip_t_global", wanted.target_caption),
        ):
            if caption:
                values[name] = cosine(feature, self.clip.text(caption))
        if wanted.source_caption and wanted.target_caption:
            source, result = Image.from_array(wanted.source), Image.from_array(made)
            (found,) = self._embeddings.compare(
                source, [result], wanted.source_caption, [wanted.target_caption]
            )
            if found.direction is not None:
                values["direction"] = float(found.direction)
        return values

    def _target(self, network: str, wanted: WantedPicture) -> NDArray[np.float32]:
        """The feature of the target, kept for the other rows."""
        key = (network, wanted.key)
        if key not in self._targets:
            encode = self.clip.picture if network == "clip" else self.dino_picture
            self._targets[key] = encode(wanted.target)
            if len(self._targets) > _KEPT:
                self._targets.popitem(last=False)
        return self._targets[key]

    def dino_picture(self, pixels: Pixels) -> NDArray[np.float32]:
        """See `DinoFeatures.picture`; the network is there."""
        assert self.dino is not None
        return self.dino.picture(pixels)
