from __future__ import annotations

import pytest

from editor.ranking.rewrite_order import RewriteFigures, rewrite_order, standing


def test_standing_by_hand() -> None:
    # Mean 3, population deviation 2.
    assert standing([1.0, None, 5.0]) == pytest.approx([-1.0, 0.0, 1.0])
    assert standing([4.0, 4.0]) == [0.0, 0.0]
    assert standing([None, None]) == [0.0, 0.0]


def test_liking_counts_more_than_beauty() -> None:
    beautiful, liked = RewriteFigures(1.0, 9.0, 1.0), RewriteFigures(1.0, 5.0, 3.0)
    assert rewrite_order([beautiful, liked], 0.8) == (1, 0)


def test_the_gate_goes_before_everything() -> None:
    rows = [
        RewriteFigures(0.5, 9.0, 9.0),
        RewriteFigures(0.8, 1.0, 1.0),
        RewriteFigures(0.7, 9.5, 9.5),
        RewriteFigures(1.0, 2.0, 2.0),
    ]
    assert rewrite_order(rows, 0.8) == (3, 1, 2, 0)  # what fails: the most whole first
    assert rewrite_order(rows, 0.0) == (2, 0, 3, 1)


def test_before_there_are_pictures_the_order_stays() -> None:
    assert rewrite_order([RewriteFigures(0.9), RewriteFigures(1.0)], 0.8) == (0, 1)
