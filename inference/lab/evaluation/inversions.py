"""How pictures come back from noise, and what an edit then keeps: `pentimento evaluate inversions`.

Everything is measured on the pictures as the autoencoder gives them, at the size that the model
draws, before anything of the source is put back over them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.ranking.fidelity import psnr, ssim
from editor.render import composite
from inference.diffusion.source_branch import DIRECT, REGULARISED, STRATEGIES
from inference.lab.evaluation.equal_level import Points, estimate_more, more_at_equal_level
from inference.lab.evaluation.partial import ItemValues, PartialResults
from inference.lab.evaluation.starter.attributes import change_made, judged
from inference.lab.evaluation.starter.figures import Figure, Findings
from inference.lab.evaluation.starter.full_size import at_judges_size
from inference.lab.evaluation.starter.testset import edits, stream
from inference.lab.storybook.edits import Edit, gold
from inference.lab.storybook.instructions import instruct
from inference.methods.pix2pix_zero import INFO, Pix2PixZero
from inference.models.store import ModelStore
from inference.request.captions import RECONSTRUCTION_PSNR
from inference.starter.captions import canonical
from inference.workflow.scoring import Scorer

GuidancePair = tuple[float, float]
"""Scale of guidance by text, and amount of cross-attention guidance."""

SWEEP: Final[tuple[GuidancePair, ...]] = tuple(
    (scale, amount) for scale in (1.0, 1.5, 2.0, 3.0) for amount in (10.0, 30.0)
)
"""What `SWEPT` are compared over."""

USUAL: Final[GuidancePair] = (5.0, 10.0)
"""What all are compared at."""

AS_AUTHORS: Final = "regularised-as-authors"
"""Regularised inversion with the habits of the published code of pix2pix-zero."""

WAYS: Final[dict[str, dict[str, Any]]] = {
    **{name: {"inversion": name} for name in STRATEGIES},
    AS_AUTHORS: {"inversion": REGULARISED, "as_authors": True},
}
"""What is compared: settings of pix2pix-zero by name."""

SWEPT: Final = (DIRECT, REGULARISED, AS_AUTHORS)

_LEAST_OUTSIDE: Final = 0.01


@dataclass(frozen=True)
class Curves:
    """What a sweep found: per way, edit and point.

    Attributes:
        points: of the sweep.
        direction: CLIP directional similarity, (edits, points) for each of `SWEPT`.
        outside: PSNR to the source outside the gold mask, in dB, of the same shape.
    """

    points: tuple[GuidancePair, ...]
    direction: dict[str, NDArray[np.float64]]
    outside: dict[str, NDArray[np.float64]]

    def report(self) -> dict[str, list[dict[str, float]]]:
        """The points' means by way, for plots."""
        return {
            way: [
                {
                    "guidance_scale": scale,
                    "cross_attention_guidance_amount": amount,
                    "direction": round(float(direction), 4),
                    "psnr_out": round(float(outside), 2),
                }
                for (scale, amount), direction, outside in zip(
                    self.points,
                    self.direction[way].mean(0),
                    self.outside[way].mean(0),
                    strict=True,
                )
            ]
            for way in SWEPT
        }

    def difference(self, other: str) -> float:
        """How many dB `direct` keeps more than another way at equal direction.

        Args:
            other: of `SWEPT`.

        Returns:
            The mean over levels of direction; nan where the ways share none.
        """
        return more_at_equal_level(self._points(DIRECT), self._points(other))

    def figure(self, other: str) -> Figure:
        """`difference` with its interval from resampled edits, the same for both ways."""
        found = estimate_more(self._points(DIRECT), self._points(other))
        mean, low, high = (found.mean, found.low, found.high) if found else (math.nan,) * 3
        name = f"{DIRECT}.over.{other}.psnr_out_at_equal_direction"
        return Figure(name, len(self.direction[DIRECT]), "bootstrap", mean, low, high)

    def _points(self, way: str) -> tuple[Points, Points]:
        return self.direction[way], self.outside[way]


def evaluate_inversions(
    models: ModelStore,
    judge: Any,
    seed: int,
    per_kind: int,
    *,
    size: int,
    ways: Sequence[str] = tuple(WAYS),
    sweep: Sequence[GuidancePair] = SWEEP,
    settings: dict[str, Any] | None = None,
    results: PartialResults | None = None,
    on_edit: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Findings, Curves | None]:
    """Rows ``<way>.<kind>.<measure>`` at the usual settings, and what the sweep found.

    Measures: ``reconstruction_psnr`` (the source drawn again, in dB; that of ``direct`` is the
    autoencoder's ceiling), ``seconds`` (inversion and one edit; the first also loads
    the model), ``direction``, ``asked`` (as the judge reads it), ``ssim_in`` and ``psnr_in``
    (against gold), ``psnr_out`` and ``ssim_out`` for edits of a part.

    Args:
        models: the text-to-image model and CLIP are there.
        judge: see `inference.lab.training.judge`.
        seed: of the edits and their words.
        per_kind: edits of each kind.
        size: side of the pictures in pixels: what the model draws.
        ways: of `WAYS`.
        sweep: points for `SWEPT`, if all are among the ways.
        settings: of the method, over the model's own.
        results: of an earlier run, to go on; what they hold leaves no examples.
        on_edit: called with how many are done, and how many there are.
    """
    found, known, scorer = Findings(), results or PartialResults(None), Scorer(models)
    drawn = edits(seed, per_kind, unseen=False)
    swept = set(SWEPT) <= set(ways)
    lines: dict[str, list[tuple[list[float], list[float]]]] = {name: [] for name in SWEPT}
    for index, edit in enumerate(drawn):
        pair = EditPictures(edit, size, instruct(edit, stream(seed, "words", index)).text)
        for way in ways:
            points = sweep if swept and way in SWEPT and pair.has_outside else ()

            def measure(
                way: str = way,
                pair: EditPictures = pair,
                points: Sequence[GuidancePair] = points,
            ) -> ItemValues:
                own = dict(models.defaults(INFO)) | (settings or {}) | WAYS[way]
                return _measured(found, way, pair, own, points, scorer, judge, models)

            values = known.measured(f"{way} {len(points)}", str(index), measure)
            _note(found, way, edit, values)
            if points:
                lines[way].append((values["directions"], values["outside"]))
        on_edit(index + 1, len(drawn))
    if not swept or not lines[DIRECT]:
        return found, None
    return found, Curves(
        tuple(sweep),
        {name: np.array([line[0] for line in lines[name]]) for name in SWEPT},
        {name: np.array([line[1] for line in lines[name]]) for name in SWEPT},
    )


class EditPictures:
    """An edit and its pictures at the model's size."""

    def __init__(self, edit: Edit, size: int, text: str) -> None:
        self.edit = edit
        self.gold = gold(edit, size)
        self.source = Image.from_array(self.gold.source)
        self.instruction = Instruction(text, canonical(edit.source), canonical(edit.target))
        self._outside = self.gold.mask == 0
        self.has_outside = bool(self._outside.mean() >= _LEAST_OUTSIDE)

    def outside(self, candidate: Candidate) -> float:
        """PSNR to the source where nothing was asked, in dB."""
        return psnr(self.picture(candidate), self.gold.source, self._outside)

    def picture(self, candidate: Candidate) -> NDArray[np.uint8]:
        """(S, S, 3) sRGB."""
        return composite.render(self.source, candidate.patch, None).array()

    def measures(self, candidate: Candidate) -> dict[str, float]:
        """Against gold inside the mask, against the source outside."""
        picture, inside = self.picture(candidate), ~self._outside
        values = {
            "ssim_in": ssim(picture, self.gold.target, inside),
            "psnr_in": psnr(picture, self.gold.target, inside),
        }
        if self.has_outside:
            values["psnr_out"] = self.outside(candidate)
            values["ssim_out"] = ssim(picture, self.gold.source, self._outside)
        return values


def made_candidates(
    maker: Pix2PixZero, pair: EditPictures, own: dict[str, Any], points: Sequence[GuidancePair]
) -> list[Candidate]:
    """An edit by pix2pix-zero, once for each pair of guidances.

    Args:
        maker: keeps the inversion between calls.
        pair: the edit.
        own: settings by name.
        points: guidances.
    """
    requests = []
    for scale, amount in points:
        at = {"guidance_scale": scale, "cross_attention_guidance_amount": amount}
        requests.append(
            EditRequest(
                pair.source.pixel_digest,
                None,
                pair.instruction,
                INFO.name,
                INFO.version,
                settings_of(own | at),
            )
        )
    patches = maker.edit(requests, pair.source, None, lambda step: None)
    return [Candidate(request, patch) for request, patch in zip(requests, patches, strict=True)]


def _directions(scorer: Scorer, pair: EditPictures, made: Sequence[Candidate]) -> list[float]:
    scores = scorer.scores(pair.source, made, None, (), (), lambda: False)
    return [float(score.direction or 0.0) for score in scores]


def _measured(
    found: Findings,
    way: str,
    pair: EditPictures,
    own: dict[str, Any],
    points: Sequence[GuidancePair],
    scorer: Scorer,
    judge: Any,
    models: ModelStore,
) -> ItemValues:
    """What is measured of a way at the usual guidances, and at the points of a sweep."""
    began = time.perf_counter()
    maker = Pix2PixZero(models)
    (usual,) = made_candidates(maker, pair, own, [USUAL])
    seconds = time.perf_counter() - began
    (read,) = judged(judge, np.stack([at_judges_size(pair.picture(usual))]))
    values = pair.measures(usual) | {
        "direction": _directions(scorer, pair, [usual])[0],
        "seconds": seconds,
        "reconstruction_psnr": float(maker.request_facts[usual.key][RECONSTRUCTION_PSNR]),
    }
    found.show(
        f"{way}.{pair.edit.kind}",
        values["psnr_in"],
        pair.gold.source,
        pair.picture(usual),
        pair.gold.target,
        words=[pair.instruction.text, f"direction {values['direction']:.2f}"],
    )
    swept: ItemValues = {}
    if points:
        made = made_candidates(maker, pair, own, points)
        swept = {
            "directions": _directions(scorer, pair, made),
            "outside": [pair.outside(one) for one in made],
        }
    means = {key: float(value) for key, value in values.items()}
    return {"means": means, "asked": change_made(pair.edit, read), **swept}


def _note(found: Findings, way: str, edit: Edit, values: ItemValues) -> None:
    for kind in (edit.kind, "all"):
        for key, value in values["means"].items():
            found.value(f"{way}.{kind}.{key}", value)
        found.share(f"{way}.{kind}.asked", values["asked"])
