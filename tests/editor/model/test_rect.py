"""Rectangles of whole pixels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from editor.model.rect import Rect

rects = st.builds(
    Rect, st.integers(-50, 50), st.integers(-50, 50), st.integers(0, 60), st.integers(0, 60)
)


def pixels(rect: Rect) -> set[tuple[int, int]]:
    return {(x, y) for x in range(rect.x, rect.right) for y in range(rect.y, rect.bottom)}


@given(rects, rects)
def test_intersect_is_the_common_pixels(a: Rect, b: Rect) -> None:
    assert pixels(a.intersect(b)) == pixels(a) & pixels(b)


@given(rects, rects)
def test_union_holds_both_and_is_no_larger_than_needed(a: Rect, b: Rect) -> None:
    both = pixels(a) | pixels(b)
    union = a.union(b)
    assert both <= pixels(union)
    if both:
        assert union.x == min(x for x, _ in both)
        assert union.bottom == max(y for _, y in both) + 1


@given(rects, st.integers(0, 9))
def test_grow_and_shift(rect: Rect, by: int) -> None:
    grown = rect.grow(by)
    assert (grown.width, grown.height) == (rect.width + 2 * by, rect.height + 2 * by)
    assert rect.shift(by, -by).shift(-by, by) == rect


def test_empty() -> None:
    assert Rect(3, 3, 0, 5).is_empty
    assert not Rect(3, 3, 1, 1).is_empty
