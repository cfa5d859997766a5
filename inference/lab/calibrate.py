"""Measure a CLIP model's scale: ``python -m inference.lab.calibrate [--models DIR]``.

The gates of the ranking are where gold edits of the storybook begin on that model's scale
(`inference.vision.clip.calibration`); they are written as ``ranking.json`` beside its weights.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from inference.lab.storybook.edits import gold
from inference.lab.storybook.gold_edits import CALIBRATION_STREAM, gold_edits
from inference.lab.training.environment import prepare_libraries, quiet, starter_folder

_SIDE: Final = 128
WEIGHTS: Final = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)


def round_trip(vae: Any, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(h, w, 3) uint8 as an `AutoencoderKL` draws it: as good as what edits with it can be."""
    import torch

    from inference.lab.training.autoencoder import to_pixels, to_tensor

    with torch.inference_mode():
        latent = vae.encode(to_tensor(pixels[None])).latent_dist.mode()
        made: NDArray[np.uint8] = to_pixels(vae.decode(latent).sample)[0]
    return made


def calibrate_folder(
    folder: Path, pairs: int = 600, seed: int = 0, vae: Path | None = None, groups: int = 400
) -> dict[str, Any]:
    """Calibrate the CLIP model in a folder; returns what was written.

    Args:
        folder: of the CLIP model.
        pairs: gold edits to measure.
        seed: of the edits.
        vae: folder of an `AutoencoderKL`; None for that of the InstructPix2Pix beside the CLIP
            model, else of the program's own, if there is one; edited pictures are shown as it
            draws them, as edits will be.
        groups: of candidates of known quality, for the weight of the caption after; 0 for none.

    Raises:
        ModelMissing, ModelDamaged: there is no CLIP model, or it cannot be used.
    """
    from diffusers import AutoencoderKL

    from editor.model.image import Image
    from inference.models.store import ModelStore
    from inference.vision.clip.calibration import calibrate
    from inference.vision.clip.embeddings import Embeddings

    models = ModelStore([folder])
    models.clip()  # raises where there is none
    model = models.model("clip")
    assert model is not None
    embeddings = Embeddings(models)
    found = []
    places = (p / "instruct-pix2pix" / "vae" for p in (folder.parent, starter_folder()))
    vae = vae or next(filter(Path.is_dir, places), None)
    drawn = AutoencoderKL.from_pretrained(vae).float().eval() if vae is not None else None
    for edit, before, after in gold_edits(pairs, seed):
        pixels = gold(edit, _SIDE)
        after_pixels = pixels.target if drawn is None else round_trip(drawn, pixels.target)
        source, target = Image.from_array(pixels.source), Image.from_array(after_pixels)
        found += embeddings.compare(source, [target], before, [after])
    # A model that reads only the start of a caption may see no difference; such pairs are left out.
    measured = [one for one in found if one.direction is not None]
    calibration = calibrate(measured, embeddings.digest)
    calibration.write(model.folder)
    calibration = replace(calibration, target_weight=best_weight(models, groups, seed))
    path = calibration.write(model.folder)
    return {"file": str(path), **calibration.to_json()}


def best_weight(models: Any, groups: int, seed: int) -> float:
    """What the caption after should count beside the direction (`Score.following`).

    The weight of `WEIGHTS` with which the best candidate comes first most often, the smallest of
    those. The renderer decides what is best; the judge is not used. The groups are apart
    from training's draws and from those of `evaluate ranking`.

    Args:
        models: with a CLIP model that has gates.
        groups: of eight candidates each; 0 gives 0.0.
        seed: of the groups.
    """
    from editor.ranking.rank import rank
    from inference.ipc.domains import register_domains
    from inference.lab.evaluation.ranking.groups import best_of, renderer_reads, storybook_groups
    from inference.lab.evaluation.ranking.report import scores_of
    from inference.vision.clip.judge import ClipJudge

    register_domains()
    judge = ClipJudge(models)
    right = dict.fromkeys(WEIGHTS, 0)
    for group in storybook_groups(groups, CALIBRATION_STREAM + seed):
        scores, best = scores_of(judge, group), best_of(group, renderer_reads)
        for weight in WEIGHTS:
            scored = [
                replace(one, gates=replace(one.gates, target_weight=weight) if one.gates else None)
                for one in scores
            ]
            right[weight] += int(rank(scored).places[0].key) in best
    return max(WEIGHTS, key=lambda weight: (right[weight], -weight))


def main(argv: Sequence[str] | None = None) -> int:
    """Calibrate; prints what was written as JSON."""
    parser = argparse.ArgumentParser(prog="inference.lab.calibrate", description=__doc__)
    parser.add_argument("--models", type=Path, metavar="DIR", help="default: the starter CLIP")
    parser.add_argument("--pairs", type=int, default=600, help="gold edits (at least 20)")
    parser.add_argument("--groups", type=int, default=400, help="groups of known quality")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--vae", type=Path, metavar="DIR", help="default: that of the starter models, if there"
    )
    options = parser.parse_args(argv)
    if options.pairs < 20:
        parser.error("--pairs must be at least 20")
    prepare_libraries()
    quiet()
    folder = options.models or starter_folder() / "clip"
    made = calibrate_folder(folder, options.pairs, options.seed, options.vae, options.groups)
    print(json.dumps(made, indent=1))
    return 0


if __name__ == "__main__":
    from inference.lab.tool import run_tool

    run_tool(main)
