from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import Patch, SettingValues
from editor.model.rect import Rect
from editor.model.score import Score
from editor.model.selection import Selection
from editor.render import mip
from inference.request.cancel import Cancelled
from inference.workflow.change import can_leak, outside_change
from inference.workflow.reduction import halved
from inference.workflow.scoring import Scorer
from tests.inference.engine_cases import picture

INSIDE = Rect(100, 100, 200, 100)


def test_outside_change_is_the_largest_anywhere_outside() -> None:
    before = picture(600, 500)
    selection = Selection.from_rect(INSIDE, 600, 500)
    pixels = before.array()
    pixels[120, 120] = 0
    after = Image.from_array(pixels)
    assert outside_change(before, after, Patch(), selection) == 0.0
    pixels[400, 599, 1] += 51
    leaked = outside_change(before, Image.from_array(pixels), Patch(), selection)
    assert leaked is not None
    assert abs(leaked - 0.2) < 1e-6


def test_inverted_selections_and_depth_and_gained_colour() -> None:
    grey = Image.from_array(np.full((64, 64), 30000, np.uint16))
    rgb = np.full((64, 64, 3), 30000, np.uint16)
    selection = Selection.from_rect(Rect(0, 0, 32, 64), 64, 64)
    rgb[:, 40:, 2] = 65535
    after = Image.from_array(rgb)
    inverted = Patch((("invert_selection", True),))
    assert outside_change(grey, after, inverted, selection) == 0.0
    leaked = outside_change(grey, after, Patch(), selection)
    assert leaked is not None
    assert abs(leaked - 35535 / 65535) < 1e-6


def test_no_figure_without_selection_or_with_other_geometry() -> None:
    before = picture(64, 64)
    selection = Selection.from_rect(Rect(0, 0, 32, 64), 64, 64)
    assert outside_change(before, before, Patch(), None) is None
    assert not can_leak(Patch((("straighten", 2.0),)), selection)
    assert not can_leak(Patch((("quarter_turns", 2),)), selection)
    turned = Patch((("crop_ratio", (1.0, 2.0)),))
    assert outside_change(before, picture(32, 64), turned, selection) is None


@pytest.mark.parametrize("turn", [(("quarter_turns", 1),), (("flip_horizontal", True),)])
def test_a_turn_changes_no_tone(turn: SettingValues) -> None:
    """The figures are those of the same patch without it; how much moved is no figure."""
    image = picture(96, 64)
    selection = Selection.from_rect(Rect(0, 0, 32, 64), 96, 64)
    asked = Instruction("more contrast")
    turned, plain = (
        next(
            Scorer().scores(
                image,
                [Candidate(EditRequest("d", None, asked, "adjust", 1), Patch(parameters))],
                selection,
                (("contrast", 1),),
                (),
                lambda: False,
            )
        )
        for parameters in ((("contrast", 0.3), *turn), (("contrast", 0.3),))
    )
    assert turned.outside == 0.0
    assert turned.changed is None
    assert turned == replace(plain, key=turned.key, changed=None)


def _scored(image: Image) -> list[Score]:
    changes = ({"contrast": 0.3}, {"contrast": 0.6}, {"temperature": 0.4})
    asked = Instruction("more contrast")
    candidates = [
        Candidate(EditRequest("d", None, asked, "adjust", number), Patch(tuple(one.items())))
        for number, one in enumerate(changes)
    ]
    return list(
        Scorer().scores(image, candidates, None, (("contrast", 1),), ("chroma",), lambda: False)
    )


@pytest.mark.parametrize("size", [(120, 80), (1400, 1100)])
def test_transparent_pixels_count_for_nothing(size: tuple[int, int]) -> None:
    """A cut-out is measured as the same picture cropped to what can be seen."""
    width, height = size
    seen = picture(width // 4, height // 4).array()
    cropped = np.concatenate([seen, np.full((*seen.shape[:2], 1), 255, np.uint8)], axis=2)
    pixels = np.full((height, width, 4), (250, 20, 90, 0), np.uint8)
    top, left = height // 2, width // 2
    pixels[top : top + seen.shape[0], left : left + seen.shape[1]] = cropped
    for one, other in zip(
        _scored(Image.from_array(pixels)), _scored(Image.from_array(cropped)), strict=True
    ):
        assert one.asked == pytest.approx(other.asked, rel=0.05, abs=0.02)
        assert one.changed == pytest.approx(other.changed, rel=0.05)


def test_halving_in_bands_is_halving_and_can_be_cancelled() -> None:
    for size in ((1300, 1100), (513, 1537), (40, 30)):
        image = picture(*size)
        assert halved(image, lambda: False).equals(mip.halved(image))
    with pytest.raises(Cancelled):
        halved(picture(600, 1100), lambda: True)


@pytest.mark.parametrize(("sigma", "changes"), [(0.0, False), (1.5, True)])
def test_less_noise_is_measured_at_full_size(sigma: float, changes: bool) -> None:
    """In the reduced picture there is none left, so nothing would seem to change."""
    y, x = np.mgrid[:2100, :2100].astype(np.float32) / 2100
    smooth = (90 + 60 * x + 40 * y)[:, :, None]
    noise = np.random.default_rng(0).normal(0.0, sigma, smooth.shape) if sigma else 0.0
    image = Image.from_array(np.rint(smooth + noise).astype(np.uint8))
    settings = (("noise_reduction", 0.5),)
    request = EditRequest("d", None, Instruction("less noise"), "adjust", 0)
    score = Scorer().score(
        image, Candidate(request, Patch(settings)), None, (("noise", -1),), (), lambda: False
    )
    assert score.changed is not None
    assert (score.changed > 0.0) is changes
    assert score.asked is not None
    assert (score.asked > 0.9) is changes
