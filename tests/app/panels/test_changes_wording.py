from __future__ import annotations

import numpy as np
import pytest

from app.panels.changes_wording import changes_text


@pytest.mark.parametrize(
    ("at", "place"),
    [
        ((0, 0), "at the top left"),
        ((10, 45), "at the top"),
        ((30, 45), "in the middle"),
        ((59, 89), "at the bottom right"),
        ((30, 89), "at the right"),
    ],
)
def test_the_largest_change_has_a_place(at: tuple[int, int], place: str) -> None:
    change = np.zeros((60, 90), np.float32)
    change[:30] = 0.1
    change[at] = 0.41
    largest, share = changes_text(change)
    assert largest == f"Largest change 41 % {place}"
    assert share == "50 % of the picture changed"


def test_what_is_too_small_to_be_seen_is_no_change() -> None:
    assert changes_text(np.full((4, 4), 0.5 / 255, np.float32)) == ("Nothing changed", "")
    assert changes_text(np.eye(100, dtype=np.float32)[:50])[1] == "1 % of the picture changed"
