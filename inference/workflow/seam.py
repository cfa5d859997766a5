"""How much the border of what was drawn anew shows, for methods that draw a part."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from editor.model.edit import Candidate
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.model.score import Score
from editor.model.selection import Selection
from editor.ranking.border_step import border_step
from editor.render.extension import margins_of
from inference.request.registry import METHODS

SEAM: Final = "seam"
"""Name of the figure among `Score.extra`; see `border_step`."""


def with_seam(
    score: Score, candidate: Candidate, source: Image, after: Image, selection: Selection | None
) -> Score:
    """The score with the step at the border, where a method draws a part and leaves the rest.

    Args:
        score: of the candidate.
        candidate: what was made.
        source: the picture at some mip level.
        after: the result at that level.
        selection: where it acts, at that level.
    """
    drawn = _drawn(candidate, source, selection)
    step = border_step(after, drawn) if drawn is not None else None
    if step is None:
        return score
    return replace(score, extra=settings_of({**dict(score.extra), SEAM: round(step, 3)}))


def _drawn(
    candidate: Candidate, source: Image, selection: Selection | None
) -> NDArray[np.bool_] | None:
    """What was drawn anew, of the size of the result; None where all of it may have changed."""
    margins = margins_of(candidate.patch, source.width, source.height)
    if margins is not None:
        width, height = margins.size(source.width, source.height)
        drawn = np.ones((height, width), np.bool_)
        drawn[margins.top : height - margins.bottom, margins.left : width - margins.right] = False
        return drawn
    info = METHODS.get(candidate.request.method)
    if selection is None or info is None or not info.needs_selection:
        return None
    return np.asarray(selection.array() > 0)
