"""The figures are those of MagicBrush's own script.

`SCRIPT` is what ``evaluation/image_eval.py`` of MagicBrush (commit fcfc892) gave once for the
folders of `made_brush`, with stubs for its imports and `StubClip` as network: its ``load_data``,
``eval_distance``, ``eval_clip_i`` and ``eval_clip_t``.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from inference.lab.evaluation.brush.distances import outside_fidelity, target_distances
from inference.lab.evaluation.brush.layout import (
    BrushSession,
    generated_name,
    read_brush,
    read_picture,
)
from inference.lab.evaluation.brush.measures import BrushMeasures, WantedPicture
from inference.lab.evaluation.clip_columns import CaptionTooLong, ClipColumns
from inference.models.store import ModelStore
from tests.inference.lab.evaluation.brush import made_brush

SCRIPT = {
    "single": {"l1": 0.3409147361914317, "l2": 0.17338832219441733, "clip_i": 0.7514444,
               "clip_t": -0.16335447, "clip_t_global": -0.105019785},
    "multi": {"l1": 0.3401991128921509, "l2": 0.17035217583179474, "clip_i": 0.72157204,
              "clip_t": -0.22680342, "clip_t_global": 0.0057439804},
}  # fmt: skip
ORACLE = {"single": -0.24031603, "multi": -0.07893032}
"""CLIP-T of the targets themselves with their local captions."""


class StubClip:
    """Features that anyone can compute: means of a 4 × 4 grid; codes of 16 letters."""

    stock = "open_clip"

    def __init__(self) -> None:
        self.tokenizer = SimpleNamespace(
            sot_token_id=0, context_length=77, encode=lambda text: list(text.encode())
        )

    def encode_image(self, pictures: torch.Tensor) -> torch.Tensor:
        pooled = torch.nn.functional.adaptive_avg_pool2d(pictures.float(), 4)
        return pooled.flatten(1)[:, :16] - 0.3

    def encode_text(self, texts: list[str]) -> torch.Tensor:
        codes = [[float(ord(c)) for c in (text + " " * 16)[:16]] for text in texts]
        return torch.tensor(codes) / 64 - 1


class StubStore:
    """The parts of a `ModelStore` that measuring by CLIP asks."""

    def __init__(self) -> None:
        self._clip = StubClip()

    def model(self, role: str) -> Any:
        return SimpleNamespace(id="stub", folder=Path("stub")) if role == "clip" else None

    def clip(self, role: str = "clip") -> StubClip:
        return self._clip


class WithoutDirection(BrushMeasures):
    """The direction is InstructPix2Pix's figure, by `Embeddings`; it is tested there."""

    def __init__(self) -> None:
        super().__init__(StubStore(), None)  # type: ignore[arg-type]


def pairs(data: Path, generated: Path) -> dict[str, list[tuple[Path, WantedPicture]]]:
    """Results beside what they are compared with, of both protocols."""

    def single(session: BrushSession) -> list[tuple[Path, WantedPicture]]:
        return [
            (
                generated / session.id / generated_name(session.id, turn.number, carried_on=False),
                WantedPicture.of_turn(turn),
            )
            for turn in session.turns
        ]

    def multi(session: BrushSession) -> tuple[Path, WantedPicture]:
        name = generated_name(session.id, len(session.turns), carried_on=True)
        return generated / session.id / name, WantedPicture.of_session(session)

    sessions = read_brush(data)
    return {
        "single": [pair for session in sessions for pair in single(session)],
        "multi": [multi(session) for session in sessions],
    }


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    place = tmp_path_factory.mktemp("measures")
    return made_brush.write(place / "data"), made_brush.write_generated(place / "made")


@pytest.mark.parametrize("turns", ["single", "multi"])
def test_figures_are_those_of_the_script(
    turns: str, folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    measures = WithoutDirection()
    monkeypatch.setattr(
        measures._embeddings, "compare", lambda *given: [SimpleNamespace(direction=None)]
    )
    found = [measures.of(read_picture(path), wanted) for path, wanted in pairs(*folders)[turns]]
    for name, value in SCRIPT[turns].items():
        mean = sum(one[name] for one in found) / len(found)
        assert mean == pytest.approx(value, abs=2e-7), name
    oracle = [measures.of(wanted.target, wanted)["clip_t"] for _, wanted in pairs(*folders)[turns]]
    assert sum(oracle) / len(oracle) == pytest.approx(ORACLE[turns], abs=2e-7)


def test_columns_are_named_after_the_network_that_filled_them() -> None:
    columns = WithoutDirection().columns
    assert columns["clip_i"] == "clip_i@stub"
    assert columns["direction"] == "direction@stub"
    assert columns["l1"] == "l1"
    assert columns["dino"] == "dino"
    assert BrushMeasures(ModelStore([]), None).columns["clip_i"] == "clip_i"


def test_captions_are_not_cut() -> None:
    clip = ClipColumns(StubStore())  # type: ignore[arg-type]
    assert clip.text("a" * 75).shape == (16,)
    with pytest.raises(CaptionTooLong):
        clip.text("a" * 76)


def test_distances_by_hand() -> None:
    target = np.zeros((2, 2, 3), np.uint8)
    made = target.copy()
    made[0, 0] = (255, 0, 51)
    assert target_distances(made, target) == pytest.approx(
        {"l1": (1 + 0.2) / 12, "l2": (1 + 0.04) / 12}
    )


def test_outside_of_the_mask_by_hand() -> None:
    source = np.full((20, 20, 3), 100, np.uint8)
    made, inside = source.copy(), np.zeros((20, 20), np.bool_)
    inside[:10] = True
    made[:10] = 0
    assert outside_fidelity(made, source, inside)["psnr_out"] == 100.0
    made[10:] += 5
    found = outside_fidelity(made, source, inside)
    assert found["psnr_out"] == pytest.approx(20 * np.log10(255 / 5))
    assert 0 < found["ssim_out"] < 1
    assert outside_fidelity(made, source, np.ones((20, 20), np.bool_)) == {}


def test_the_masks_of_a_session_are_one(folders: tuple[Path, Path]) -> None:
    wanted = WantedPicture.of_session(read_brush(folders[0])[0])
    assert wanted.inside is not None
    assert wanted.inside.sum() == 8 * 24
    assert (wanted.source_caption, wanted.target_caption, wanted.local_caption) == (
        "242679 before", "242679 after 2", "thing 2",
    )  # fmt: skip
