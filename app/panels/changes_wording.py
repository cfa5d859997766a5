"""What the view of changes says: how much changed, and where most."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.i18n.texts import tr

_LEAST = 1 / 255


def changes_text(change: NDArray[np.float32]) -> tuple[str, str]:
    """The largest change with its place, and the share of the picture that changed.

    Args:
        change: (h, w), largest difference of the channels, 0 … 1 of the full range.

    Returns:
        Two translated sentences; the second is "" where nothing changed.
    """
    largest, share = float(change.max()), float((change > _LEAST).mean())
    if largest <= _LEAST:
        return tr("Nothing changed"), ""
    row, column = np.unravel_index(int(change.argmax()), change.shape)
    place = _places()[3 * int(row) // change.shape[0]][3 * int(column) // change.shape[1]]
    return (
        tr("Largest change {0} % {1}").format(round(100 * largest), place),
        tr("{0} % of the picture changed").format(max(1, round(100 * share))),
    )


def _places() -> tuple[tuple[str, str, str], ...]:
    """Thirds of the picture, row by row."""
    return (
        (tr("at the top left"), tr("at the top"), tr("at the top right")),
        (tr("at the left"), tr("in the middle"), tr("at the right")),
        (tr("at the bottom left"), tr("at the bottom"), tr("at the bottom right")),
    )
