from __future__ import annotations

from typing import Any

from app.cli.table import ranked_table


def table(**scores: Any) -> str:
    """The table of one candidate with these figures."""
    entry = {"rank": 1, "passed": True, "file": "1.png", "key": "k", "method": "m", "reason": "r"}
    return ranked_table(
        {
            "source": {"file": "a.png", "width": 3, "height": 2, "depth": 8},
            "candidates": [{**entry, "scores": scores}],
            "seconds": {"total": 1.0},
            "warning": None,
        },
        {},
    )


def test_soft_edges_are_named_where_there_are_any() -> None:
    assert "soft edges 4.2 %" in table(damage=0.042)
    for sound in (0.0, 0.0004, None):
        assert "soft edges" not in table(damage=sound)


def test_other_figures_stand_there_at_zero_too() -> None:
    assert "newly clipped 0.0 %, outside 0.0 %" in table(clipped=0.0, outside=0.0)
