from __future__ import annotations

import numpy as np
import pytest

from editor.ranking.measures import NAMES, measure
from editor.render.adjustments.parameters import HUES
from editor.render.color import SRGB, space_of


def colours(*rgb: tuple[int, int, int]) -> np.ndarray:
    return np.array(rgb, np.uint8).repeat(300, axis=0).reshape(len(rgb) * 10, 30, 3)


def test_nothing_changed() -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (120, 160, 3), dtype=np.uint8)
    found = measure(pixels, pixels, SRGB, SRGB)
    assert set(found) <= set(NAMES)
    assert all(found.change(name) == 0 for name in found)
    assert found.clipped == 0


def test_hues_have_the_names_people_give_them() -> None:
    named = {
        "red": (200, 30, 30),
        "orange": (240, 140, 40),
        "yellow": (240, 220, 50),
        "green": (60, 160, 60),
        "cyan": (60, 190, 200),
        "blue": (40, 70, 200),
        "purple": (120, 50, 190),
        "magenta": (210, 50, 160),
    }
    for hue, rgb in named.items():
        found = measure(colours(rgb), colours(rgb), SRGB, SRGB)
        assert found.hue_shares[hue] == 1.0, hue
    sky, leaf = colours((120, 170, 230)), colours((90, 130, 40))
    assert measure(sky, sky, SRGB, SRGB).hue_shares["blue"] == 1.0
    assert measure(leaf, leaf, SRGB, SRGB).hue_shares["green"] == 1.0
    grey = colours((90, 90, 90))
    found = measure(grey, grey, SRGB, SRGB)
    assert not any(found.hue_shares[hue] for hue in HUES)
    assert "chroma_red" not in found


def test_inside_a_selection_only() -> None:
    before = np.full((100, 100, 3), 100, np.uint8)
    after = before.copy()
    after[:50] = 200
    coverage = np.zeros((100, 100), np.uint8)
    coverage[:50] = 255
    inside = measure(before, after, SRGB, SRGB, coverage=coverage).change("lightness")
    assert inside == pytest.approx(2 * measure(before, after, SRGB, SRGB).change("lightness"))
    outside = measure(before, after, SRGB, SRGB, coverage=255 - coverage)
    assert outside.change("lightness") == 0


def test_sizes_and_angle() -> None:
    before, after = np.zeros((100, 200, 3), np.uint8), np.zeros((100, 100, 3), np.uint8)
    found = measure(before, after, SRGB, SRGB, angle=2.5)
    assert found["size_ratio"] == (2.0, 1.0)
    assert found["angle"] == (0.0, 2.5)


def test_newly_clipped() -> None:
    before = np.full((100, 100, 3), 200, np.uint8)
    before[:10] = 255
    after = before.copy()
    after[:30] = 255
    assert measure(before, after, SRGB, SRGB).clipped == pytest.approx(0.2)


def test_depths_and_grey_agree() -> None:
    rng = np.random.default_rng(0)
    eight = rng.integers(0, 256, (64, 64, 1), dtype=np.uint8)
    grey = measure(eight, eight, space_of(None, 1), space_of(None, 1))
    sixteen = eight.astype(np.uint16) * 257
    colour = np.repeat(sixteen, 3, axis=-1)
    both = measure(sixteen, colour, space_of(None, 1), SRGB)
    floats = measure(colour / np.float32(65535), colour, SRGB, SRGB)
    for name in ("lightness", "contrast", "sharpness", "noise"):
        assert both[name] == pytest.approx((grey[name][0],) * 2, rel=1e-3)
        assert floats[name] == pytest.approx((grey[name][0],) * 2, rel=1e-3)
