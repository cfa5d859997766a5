"""What editing data are worth: editors that learnt from different pairs, on the same edits."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np

from editor.errors import ExpectedError
from editor.model.image import Image, Pixels
from inference.lab.evaluation.estimates import mean_over_sessions
from inference.lab.evaluation.partial import ItemValues, file_digest
from inference.lab.evaluation.protocol import Estimate, ReportRow
from inference.lab.evaluation.starter.attributes import change_made, judged, rest_unchanged
from inference.lab.evaluation.starter.figures import Example
from inference.lab.evaluation.starter.instruct_pix2pix import repaint
from inference.lab.evaluation.starter.testset import stream
from inference.lab.evaluation.starter.text_to_image import ImageSampling
from inference.lab.storybook.edits import Edit, gold
from inference.lab.storybook.instructions import instruct
from inference.starter.captions import canonical
from inference.vision.clip.embeddings import Embeddings

MEASURES: Final = ("asked", "kept", "direction")
DO_NOTHING: Final = "do_nothing"
_WEIGHTS: Final = "unet/diffusion_pytorch_model.safetensors"


class NotAnEditor(ExpectedError):
    """A folder holds no InstructPix2Pix model."""

    kind = "bad_model"


@dataclass(frozen=True)
class TrainedEditor:
    """A stock InstructPix2Pix pipeline of a folder, by the name of its data.

    Attributes:
        name: of its row.
        folder: in diffusers' layout.
        pipeline: with the sampler in place.
    """

    name: str
    folder: Path
    pipeline: Any

    @classmethod
    def opened(cls, name: str, folder: Path, how: ImageSampling) -> TrainedEditor:
        """Load it, in float32 on the CPU or as torch chooses.

        Raises:
            NotAnEditor: the folder holds no such model.
        """
        from diffusers import StableDiffusionInstructPix2PixPipeline

        if not (folder / _WEIGHTS).is_file():
            raise NotAnEditor(
                f"{folder} holds no InstructPix2Pix model.", "Train one with instruct-pix2pix."
            )
        pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(
            folder, safety_checker=None, local_files_only=True
        )
        pipeline.set_progress_bar_config(disable=True)
        return cls(name, folder, how.prepare(pipeline))

    @property
    def digest(self) -> str:
        """Of its UNet."""
        return file_digest(self.folder / _WEIGHTS)

    @property
    def side(self) -> int:
        """Of the pictures that it was made for, in pixels."""
        return int(self.pipeline.unet.config.sample_size) * int(self.pipeline.vae_scale_factor)


class EditingDataRun:
    """Every editor on one edit after another, with the same noise.

    Attributes:
        examples: source, gold and every editor's picture of each edit that was measured here.
    """

    def __init__(
        self,
        editors: Sequence[TrainedEditor],
        judge: Any,
        embeddings: Embeddings,
        how: ImageSampling,
        seed: int,
    ) -> None:
        self._editors, self._judge, self._embeddings = editors, judge, embeddings
        self._how, self._seed = how, seed
        self.examples: list[Example] = []

    def measure(self, index: int, edit: Edit) -> ItemValues:
        """``asked`` (0 or 1), ``kept`` (share of attributes) and CLIP's ``direction`` by editor.

        ``do_nothing`` is the source itself.
        """
        began = time.perf_counter()
        pixels = gold(edit, self._editors[0].side)
        text = instruct(edit, stream(self._seed, "words", index)).text
        seed = 1_000_003 * self._seed + index
        made = {
            one.name: repaint(one.pipeline, [text], pixels.source[None], self._how, [seed])[0]
            for one in self._editors
        }
        shown = {**made, DO_NOTHING: pixels.source}
        values = self._figures(edit, pixels.source, shown)
        shown_as = ", ".join(("source", "gold", *made))
        merit = sum(values[name]["asked"] + values[name]["kept"] / 10 for name in made)
        self.examples.append(
            Example(
                "editors", merit, (pixels.source, pixels.target, *made.values()), (text, shown_as)
            )
        )
        return {**values, "took": round(time.perf_counter() - began, 3)}

    def _figures(
        self, edit: Edit, source: Pixels, shown: Mapping[str, Pixels]
    ) -> dict[str, dict[str, float]]:
        before, after = canonical(edit.source), canonical(edit.target)
        compared = self._embeddings.compare(
            Image.from_array(source),
            [Image.from_array(pixels) for pixels in shown.values()],
            before,
            [after] * len(shown),
        )
        read = judged(self._judge, np.stack(list(shown.values())))
        found = {}
        for name, similarity, marks in zip(shown, compared, read, strict=True):
            held = rest_unchanged(edit, marks)
            found[name] = {
                "asked": float(change_made(edit, marks)),
                "kept": sum(held) / len(held),
                "direction": similarity.direction or 0.0,
            }
        return found


def editing_rows(names: Sequence[str], values: Sequence[ItemValues]) -> list[ReportRow]:
    """A row for each editor and for doing nothing, then one for each two editors, paired.

    Args:
        names: of the editors, in the order in which they are compared.
        values: of every edit.
    """

    def estimate(numbers: Sequence[float]) -> Estimate:
        found = mean_over_sessions([[number] for number in numbers])
        return Estimate(found.mean, found.low, found.high)

    def column(name: str, measure: str) -> list[float]:
        return [one[name][measure] for one in values]

    rows = [
        ReportRow(
            name, len(values), {measure: estimate(column(name, measure)) for measure in MEASURES}
        )
        for name in (*names, DO_NOTHING)
    ]
    for first, second in combinations(names, 2):
        differences = {
            measure: estimate(
                [
                    one - other
                    for one, other in zip(
                        column(first, measure), column(second, measure), strict=True
                    )
                ]
            )
            for measure in MEASURES
        }
        rows.append(ReportRow(f"{first} over {second}", len(values), differences))
    return rows
