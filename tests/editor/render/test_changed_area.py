"""What an edit of a part changed is found, and edits of the whole picture are told apart."""

from __future__ import annotations

import numpy as np

from editor.render.changed_area import GROWTH, changed_area
from editor.render.color import Floats


def picture() -> Floats:
    rng = np.random.default_rng(0)
    return np.asarray(0.4 + 0.1 * rng.random((64, 64, 3)), np.float32)


def test_a_changed_part_is_found_with_its_soft_edge_and_little_more() -> None:
    before = picture()
    after = before.copy()
    after[20:40, 20:40] += 0.3
    after[18:20, 20:40] += 0.1  # a soft edge: too weak alone
    area = changed_area(before, after)
    assert area is not None
    assert area[18:40, 20:40].all()
    assert not area[: 18 - GROWTH].any()
    assert not area[:, : 20 - GROWTH].any()


def test_weak_changes_that_touch_nothing_strong_are_noise() -> None:
    before = picture()
    after = before.copy()
    after[20:40, 20:40] += 0.3
    after[50:55, 50:55] += 0.1
    area = changed_area(before, after)
    assert area is not None
    assert not area[48:58, 48:58].any()


def test_a_picture_that_changed_as_a_whole_has_no_area() -> None:
    before = picture()
    assert changed_area(before, before + 0.3) is None
    veiled = before + 0.05  # below every threshold, but far more than noise
    veiled[20:30, 20:30] += 0.4
    assert changed_area(before, veiled) is None


def test_no_change_has_no_area() -> None:
    before = picture()
    assert changed_area(before, before) is None
