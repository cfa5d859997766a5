from __future__ import annotations

import cv2
import numpy as np
import pytest

from editor.model.image import Image, Pixels
from editor.model.patch import Patch, Placement
from editor.model.rect import Rect
from inference.request.cancel import Cancelled
from inference.workflow.picture_damage import DamageMeter, work_levels
from tests.editor.ranking.test_damage import house, night


def never() -> bool:
    return False


def repainted(small: Pixels, side: int) -> Patch:
    scale = small.shape[0] / side
    return Patch(
        (), (small / 255).astype(np.float16), Placement(Rect(0, 0, side, side), scale, (0, 0, 0, 0))
    )


def test_pictures_are_halved_down_to_the_work_size_and_no_further() -> None:
    assert work_levels(Image.from_array(house(384))) == 0
    assert work_levels(Image.from_array(house(767))) == 0
    assert work_levels(Image.from_array(house(768))) == 1


@pytest.mark.parametrize("side", [512, 768, 1600])
def test_a_soft_repaint_is_damage_and_a_fine_one_is_not(side: int) -> None:
    source = Image.from_array(house(side))
    meter = DamageMeter(source, None, never)
    soft = cv2.resize(night(house(side)), (96, 96), interpolation=cv2.INTER_AREA)
    found = meter.candidate(repainted(np.asarray(soft, np.uint8), side), never)
    assert found is not None
    assert found > 0.4
    fine = meter.candidate(repainted(night(house(side)), side), never)
    assert fine is not None
    assert fine < 0.1
    assert meter.picture(Image.from_array(night(house(side))), never) == pytest.approx(
        fine, abs=0.02
    )


def test_small_pictures_and_other_sizes_have_no_figure() -> None:
    small = DamageMeter(Image.from_array(house(128)), None, never)
    assert small.candidate(repainted(night(house(128)), 128), never) is None
    assert small.picture(Image.from_array(house(128)), never) is None
    meter = DamageMeter(Image.from_array(house(512)), None, never)
    assert meter.picture(Image.from_array(house(640)), never) is None


def test_measuring_can_be_cancelled() -> None:
    with pytest.raises(Cancelled):
        DamageMeter(Image.from_array(house(1024)), None, lambda: True)
