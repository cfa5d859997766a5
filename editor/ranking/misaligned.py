"""Results that do not lie over their source, because their model drew the picture aside."""

from __future__ import annotations

from typing import Final

from editor.messages import Message
from editor.model.score import Score

SHIFTED: Final = "shifted_percent"
"""Of a candidate's record and of `Score.extra`: the shift in percent of the longer side, where it
is too large to be corrected."""

SCALED: Final = "scaled_percent"
"""The same for the scale: above 0 where the picture is drawn larger."""

MOVED_BACK: Final = "moved_back_percent"
"""Of a candidate's record alone: by how much shift and scale were corrected."""


def misaligned(score: Score) -> Message | None:
    """What is wrong with where a result lies, as a clause; None where nothing is."""
    noted = dict(score.extra)
    shifted, scaled = noted.get(SHIFTED, 0.0), noted.get(SCALED, 0.0)
    if not shifted and not scaled:
        return None
    if shifted >= abs(scaled):
        return Message("reason.shifted", percent=f"{shifted:.0f}")
    percent = f"{abs(scaled):.0f}"
    if scaled > 0:
        return Message("reason.drawn_larger", percent=percent)
    return Message("reason.drawn_smaller", percent=percent)
