from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from inference.lab.evaluation.starter.ranking import ClipRanker, ClipScores, clip_scores, order


class Planted:
    """An embedder whose features are the first pixel of a picture and a number in a text."""

    def embed_images(self, pixels: NDArray[np.uint8]) -> torch.Tensor:
        angles = torch.tensor(pixels[:, 0, 0, 0].astype(float)).deg2rad()
        return torch.stack([angles.cos(), angles.sin()], -1).float()

    def embed_texts(self, texts: list[str]) -> torch.Tensor:
        angles = torch.tensor([float(text) for text in texts]).deg2rad()
        return torch.stack([angles.cos(), angles.sin()], -1)


def _picture(angle: int) -> NDArray[np.uint8]:
    return np.full((2, 2, 3), angle, np.uint8)


def test_cosines_as_defined() -> None:
    candidates = np.stack([_picture(0), _picture(60), _picture(120)])
    found = clip_scores(Planted(), _picture(0), candidates, "0", "60")
    assert [s.image for s in found] == pytest.approx([1.0, 0.5, -0.5], abs=1e-5)
    assert [s.target for s in found] == pytest.approx([0.5, 1.0, 0.5], abs=1e-5)
    # The chord from 0° to φ points to 90° + φ/2: chords of 60° and 120° are 30° apart.
    assert [s.direction for s in found] == pytest.approx([0.0, 1.0, 0.8660], abs=1e-4)
    assert all(s.caption == pytest.approx(1.0) for s in found)


def test_the_papers_gates_come_before_direction() -> None:
    scores = [
        ClipScores(0.9, 0.69, 0.5, 0.5),
        ClipScores(0.3, 0.70, 0.2, 0.5),
        ClipScores(0.4, 0.95, 0.5, 0.5),
        ClipScores(0.19, 0.95, 0.5, 0.5),
    ]
    assert order(scores) == [2, 1, 0, 3]


def test_ranker_puts_the_asked_change_first() -> None:
    candidates = np.stack([_picture(0), _picture(170), _picture(40)])
    assert ClipRanker(Planted())(_picture(0), candidates, "0", "40")[0] == 2
