from __future__ import annotations

import cv2
import numpy as np
import pytest

from editor.model.image import Pixels
from editor.ranking.damage import DamageReference, damage
from editor.render.color import SRGB


def house(side: int) -> Pixels:
    """A plain illustration with crisp edges and a soft sky, (side, side, 3)."""
    large = np.empty((24 * 64, 24 * 64, 3), np.uint8)
    large[:] = (np.linspace(120, 220, 24 * 64)[:, None, None] * (0.6, 0.8, 1.0)).astype(np.uint8)
    cv2.rectangle(large, (0, 1100), (1535, 1535), (110, 160, 70), -1)
    cv2.rectangle(large, (500, 700), (1000, 1200), (200, 90, 60), -1)
    cv2.fillPoly(large, [np.array([[440, 700], [750, 400], [1060, 700]])], (90, 50, 60))
    for row in range(430, 700, 45):
        cv2.line(large, (440, row), (1060, row), (120, 70, 80), 8)
    cv2.circle(large, (1250, 300), 120, (250, 220, 110), -1)
    return np.asarray(cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def measured(before: Pixels, after: Pixels) -> float:
    found = damage(before, after, SRGB, SRGB)
    assert found is not None
    return found


def with_soft_roof(pixels: Pixels) -> Pixels:
    """The roof melted: blurred by 1 % of the side."""
    side = len(pixels)
    soft = cv2.GaussianBlur(pixels, (0, 0), side / 80)
    made = pixels.copy()
    place = np.s_[side // 4 : side // 2, side // 4 : 3 * side // 4]
    made[place] = soft[place]
    return made


def night(pixels: Pixels) -> Pixels:
    return (pixels * (0.35, 0.4, 0.6)).astype(np.uint8)


def test_nothing_done_and_light_done_well_are_sound() -> None:
    before = house(512)
    assert measured(before, before) == 0.0
    assert measured(before, night(before)) < 0.1
    foggy = (0.35 * before + 0.65 * 230).astype(np.uint8)
    assert measured(before, foggy) < 0.1


def test_enlarged_results_and_melted_roofs_are_damaged() -> None:
    before = house(512)
    small = cv2.resize(night(before), (128, 128), interpolation=cv2.INTER_AREA)
    enlarged = np.asarray(cv2.resize(small, (512, 512), interpolation=cv2.INTER_LINEAR), np.uint8)
    assert measured(before, enlarged) > 0.4
    assert measured(before, with_soft_roof(before)) > 0.5
    assert measured(before, night(with_soft_roof(before))) > 0.4


def test_a_straight_seam_is_damage() -> None:
    before = house(512)
    made = before.copy()
    made[: 512 // 2, 400:] = np.clip(made[: 512 // 2, 400:].astype(np.int16) - 9, 0, 255)
    assert measured(before, made) > 0.4


def test_softness_of_the_source_is_not_damage() -> None:
    before = np.asarray(cv2.GaussianBlur(house(512), (0, 0), 8), np.uint8)
    assert measured(before, night(before)) < 0.1


@pytest.mark.parametrize("side", [768, 1536, 3000])
def test_the_figure_does_not_depend_on_the_resolution(side: int) -> None:
    for make in (night, with_soft_roof):
        here = measured(house(384), make(house(384)))
        there = measured(house(side), make(house(side)))
        assert there == pytest.approx(here, abs=0.06)


def test_other_sizes_and_small_pictures_are_not_measured() -> None:
    before = house(512)
    assert damage(before, before[:500], SRGB, SRGB) is None
    assert damage(before[:200, :200], before[:200, :200], SRGB, SRGB) is None


def test_a_reference_gives_the_same_figure() -> None:
    before, reference = house(512), DamageReference()
    for after in (night(before), with_soft_roof(before)):
        kept = damage(before, after, SRGB, SRGB, reference=reference)
        assert kept == damage(before, after, SRGB, SRGB)


def test_the_border_of_a_selection_is_no_seam() -> None:
    before = house(512)
    coverage = np.zeros((512, 512), np.uint8)
    coverage[:256, 400:] = 255
    made = before.copy()
    made[:256, 400:] = np.clip(made[:256, 400:].astype(np.int16) - 9, 0, 255)
    found = damage(before, made, SRGB, SRGB, coverage=coverage)
    assert found is not None
    assert found < 0.2
