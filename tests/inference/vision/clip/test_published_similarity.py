"""Our figures of CLIP are those of InstructPix2Pix's code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from inference.models.found_model import FoundModel
from inference.models.loaded import ClipPreprocessing, LoadedClip
from inference.vision.clip.similarity import similarities
from tests.inference.vision.clip import published_code as published


@pytest.fixture
def clip() -> LoadedClip:
    return LoadedClip(
        FoundModel("clip", "published", Path("published"), (), 0),
        published.Network(),
        published.tokens,
        ClipPreprocessing((published.SIDE, published.SIDE)),
        "open_clip",
        torch.device("cpu"),
    )


def test_similarities_equal_the_published_ones(clip: LoadedClip) -> None:
    sources = clip.encode_image(published.pictures(3.0)).numpy()
    candidates = clip.encode_image(published.pictures(5.0)).numpy()
    before = clip.encode_text([text for text, _ in published.TEXTS]).numpy()
    after = clip.encode_text([text for _, text in published.TEXTS]).numpy()
    found = [
        similarities(sources[i], candidates[i : i + 1], before[i], [after[i]])[0]
        for i in range(len(published.TEXTS))
    ]
    expected = published.expected()
    for ours, theirs in (
        ("source", "sim_0"),
        ("target", "sim_1"),
        ("direction", "sim_direction"),
        ("image", "sim_image"),
    ):
        values = np.array([getattr(one, ours) for one in found])
        np.testing.assert_allclose(values, expected[theirs], atol=1e-6)
        assert np.ptp(values) > 0.005, "the pairs differ, or nothing is compared"
