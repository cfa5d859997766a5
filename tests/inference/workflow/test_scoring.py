from __future__ import annotations

import numpy as np
import pytest

from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import mip
from inference.request.cancel import Cancelled
from inference.workflow.reduction import halved
from inference.workflow.scoring import can_leak, outside_change
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
    turned = Patch((("crop_ratio", (1.0, 2.0)),))
    assert outside_change(before, picture(32, 64), turned, selection) is None


def test_halving_in_bands_is_halving_and_can_be_cancelled() -> None:
    for size in ((1300, 1100), (513, 1537), (40, 30)):
        image = picture(*size)
        assert halved(image, lambda: False).equals(mip.halved(image))
    with pytest.raises(Cancelled):
        halved(picture(600, 1100), lambda: True)
