"""Contact sheets and figures."""

from __future__ import annotations

import numpy as np
import pytest

from inference.lab.training.inspect_checkpoint import psnr, sheet


def test_psnr_of_known_errors() -> None:
    a = np.zeros((2, 4, 4, 3), np.uint8)
    b = a.copy()
    b[0] += 255
    b[1] += 1
    assert psnr(b, a) == pytest.approx([0.0, 20 * np.log10(255)])


def test_a_sheet_shows_every_picture_once() -> None:
    rows = [np.full((3, 8, 8, 3), 10, np.uint8), np.full((2, 8, 8, 3), 20, np.uint8)]
    made = sheet(rows)
    assert made.shape == (20, 32, 3)
    assert (made == 10).all(-1).sum() == 3 * 64
    assert (made == 20).all(-1).sum() == 2 * 64
