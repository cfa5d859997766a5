from __future__ import annotations

from typing import Any

import numpy as np

from inference.lab.training.spoiled_edits import SPOILERS, spoiled


def test_spoiled_copies_differ_from_gold(pairs: Any) -> None:
    gold, other = pairs.pictures(np.array([0, 1]))[:, 1]
    for name in SPOILERS:
        made = spoiled(gold, other, np.random.default_rng(0), name)
        assert made.shape == gold.shape
        assert made.dtype == np.uint8
        assert np.abs(made.astype(int) - gold).mean() > 0.5, name
