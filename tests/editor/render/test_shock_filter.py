from __future__ import annotations

import cv2
import numpy as np

from editor.render.shock_filter import shock_filter


def soft_edge() -> np.ndarray:
    """Red beside blue, (40, 40, 3), blurred over some eight pixels."""
    picture = np.zeros((40, 40, 3), np.float32)
    picture[:, :20], picture[:, 20:] = (0.8, 0.1, 0.1), (0.1, 0.2, 0.7)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 2.5), np.float32)


def test_a_soft_edge_becomes_steep_where_it_is() -> None:
    made = shock_filter(soft_edge(), sigma=1.5, steps=6)
    slope, was = (np.abs(np.diff(one[20, :, 0])) for one in (made, soft_edge()))
    assert slope.max() > 2 * was.max()
    assert abs(int(slope.argmax()) - 19) <= 1


def test_no_colour_is_made() -> None:
    made, was = shock_filter(soft_edge(), sigma=1.5, steps=6), soft_edge()
    assert made.dtype == np.float32
    assert (made.min((0, 1)) >= was.min((0, 1)) - 1e-5).all()
    assert (made.max((0, 1)) <= was.max((0, 1)) + 1e-5).all()


def test_even_surfaces_and_their_grain_stay() -> None:
    rng = np.random.default_rng(0)
    even = np.asarray(0.5 + rng.normal(0, 1 / 255, (40, 40, 3)), np.float32)
    assert np.abs(shock_filter(even, sigma=1.5, steps=6) - even).mean() < 1 / 255


def test_no_step_changes_nothing() -> None:
    assert (shock_filter(soft_edge(), sigma=1.5, steps=0) == soft_edge()).all()
