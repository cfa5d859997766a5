"""Repaints as an artist sees them: at full size, the first-ranked of four, against gold.

The program's own way is taken from the request to the rendered picture: method, full-size step,
scores and ranking. Captions before and after are the true ones, so that no caption model is
measured here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from PIL import Image as Pillow

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image, Pixels
from editor.model.patch import settings_of
from editor.ranking.fidelity import psnr, ssim
from editor.ranking.rank import rank
from editor.render import composite
from inference.lab.evaluation.edge_ratio import edge_ratio
from inference.lab.evaluation.starter.attributes import change_made, judged, rest_unchanged
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.models import SIDE
from inference.lab.evaluation.starter.testset import edits, stream
from inference.lab.storybook.edits import Edit, Gold, gold
from inference.lab.storybook.instructions import instruct
from inference.methods.instruct_pix2pix import INFO as INSTRUCT_PIX2PIX
from inference.methods.instruct_pix2pix import InstructPix2Pix
from inference.models.store import ModelStore
from inference.starter.captions import canonical
from inference.workflow.scoring import Scorer
from inference.workflow.swept_settings import own_settings, swept_settings

FULL_SIZE: Final = 768
CANDIDATES: Final = 4
_LEAST_OUTSIDE: Final = 0.01


@dataclass(frozen=True)
class FullSizeCase:
    """One edit at full size.

    Attributes:
        text: the instruction.
        gold: source, gold and mask, (H, W, 3) and (H, W).
        made: (4, H, W, 3) uint8, in the order of their seeds.
        order: indices of ``made``, best first, as the program ranks them.
        damage: of each (`editor.ranking.damage`), None where the picture is too small for it.
    """

    edit: Edit
    text: str
    gold: Gold
    made: Pixels
    order: tuple[int, ...]
    damage: tuple[float | None, ...]


def full_size_cases(
    models: ModelStore, asked_edits: Sequence[Edit], seed: int, size: int = FULL_SIZE
) -> Iterator[FullSizeCase]:
    """Carry out every edit four times with the program's own method, scores and ranking."""
    method, scorer = InstructPix2Pix(models), Scorer(models)
    own = own_settings(INSTRUCT_PIX2PIX, dict(models.defaults(INSTRUCT_PIX2PIX)))
    swept = swept_settings(INSTRUCT_PIX2PIX, own)
    for index, edit in enumerate(asked_edits):
        pixels = gold(edit, size)
        text = instruct(edit, stream(seed, "words", index)).text
        source = Image.from_array(pixels.source)
        instruction = Instruction(text, canonical(edit.source), canonical(edit.target))
        requests = [
            EditRequest(
                source.pixel_digest,
                None,
                instruction,
                INSTRUCT_PIX2PIX.name,
                INSTRUCT_PIX2PIX.version,
                settings_of(own | {name: values[i % len(values)] for name, values in swept}),
                seed=1_000_003 * seed + CANDIDATES * index + i,
            )
            for i in range(CANDIDATES)
        ]
        patches = method.edit(requests, source, None, lambda step: None)
        candidates = [
            Candidate(request, patch) for request, patch in zip(requests, patches, strict=True)
        ]
        scores = list(scorer.scores(source, candidates, None, (), (), lambda: False))
        places = [place.key for place in rank(scores).places]
        keys = [candidate.key for candidate in candidates]
        yield FullSizeCase(
            edit,
            text,
            pixels,
            np.stack([composite.render(source, patch, None).array() for patch in patches]),
            tuple(keys.index(key) for key in places),
            tuple({score.key: score.damage for score in scores}[key] for key in keys),
        )


def evaluate_full_size(
    models: ModelStore,
    judge: Any,
    seed: int,
    per_kind: int,
    *,
    size: int = FULL_SIZE,
    on_case: Callable[[int, int], None] = lambda done, total: None,
) -> Findings:
    """Rows ``full_size.<kind>.<measure>``, and over all kinds ``full_size.all.…``.

    Of the first-ranked of four, inside the gold mask: ``ssim_in``, ``psnr_in`` (dB), ``edge_in``
    (gradient of the result over gold's), and outside it ``ssim_out``, ``psnr_out``,
    ``unchanged_out`` (share of pixels whose bytes are the source's) for edits of a part;
    ``damage`` as the ranking measures it; ``asked`` and ``kept`` as the judge reads the picture at
    its own size; ``asked_best_of_four``.
    With the suffix ``.source`` what the unedited picture has.

    Args:
        models: InstructPix2Pix and CLIP are there.
        judge: see `inference.lab.training.judge`.
        seed: of the edits, their words and the noise.
        per_kind: edits of each kind.
        size: side of the pictures in pixels.
        on_case: called with how many are done, and how many there are.
    """
    found = Findings()
    drawn = edits(seed, per_kind, unseen=False)
    for done, case in enumerate(full_size_cases(models, drawn, seed, size), 1):
        _measure(found, judge, case)
        on_case(done, len(drawn))
    return found


def _measure(found: Findings, judge: Any, case: FullSizeCase) -> None:
    first = case.made[case.order[0]]
    read = judged(judge, np.stack([at_judges_size(picture) for picture in case.made]))
    best = read[case.order[0]]
    values = measures(case.edit, case.gold, first, best, case.damage[case.order[0]])
    carried_out = change_made(case.edit, best)
    for kind in (case.edit.kind, "all"):
        for name, value in values.items():
            found.value(f"full_size.{kind}.{name}", value)
        found.share(f"full_size.{kind}.asked", carried_out)
        any_asked = any(change_made(case.edit, one) for one in read)
        found.share(f"full_size.{kind}.asked_best_of_four", any_asked)
    found.show(
        f"full_size.{case.edit.kind}",
        values["ssim_in"] + values["psnr_in"] / 100,
        case.gold.source,
        first,
        case.gold.target,
        words=[case.text, f"SSIM {values['ssim_in']:.3f}, PSNR {values['psnr_in']:.1f} dB"],
    )


def measures(
    edit: Edit, pixels: Gold, picture: Pixels, read: Mapping[str, str], damage: float | None
) -> dict[str, float]:
    """What `evaluate_full_size` measures of one picture, (H, W, 3) uint8, but for the shares.

    Args:
        edit: what was asked.
        pixels: source, gold and mask of that size.
        picture: the result.
        read: what the judge reads in it.
        damage: as the ranking measures it, None where the picture is too small.
    """
    inside, source, wanted = pixels.mask > 0, pixels.source, pixels.target
    held = rest_unchanged(edit, read)
    values = {
        "ssim_in": ssim(picture, wanted, inside),
        "psnr_in": psnr(picture, wanted, inside),
        "edge_in": edge_ratio(picture, wanted, inside),
        "ssim_in.source": ssim(source, wanted, inside),
        "psnr_in.source": psnr(source, wanted, inside),
        "kept": sum(held) / len(held),
    }
    if damage is not None:
        values["damage"] = damage
    outside = ~inside
    if outside.mean() >= _LEAST_OUTSIDE:
        values["ssim_out"] = ssim(picture, source, outside)
        values["psnr_out"] = psnr(picture, source, outside)
        values["unchanged_out"] = float((picture == source).all(-1)[outside].mean())
    return values


def at_judges_size(pixels: Pixels) -> Pixels:
    """The picture at the judge's size."""
    return np.asarray(Pillow.fromarray(pixels).resize((SIDE, SIDE), Pillow.Resampling.BOX))
