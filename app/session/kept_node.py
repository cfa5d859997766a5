from __future__ import annotations

import time

from app.session.results import Results
from editor.model.history import HistoryNode, new_id
from editor.render.result_blend import ResultBlend


def kept_node(look: ResultBlend, results: Results) -> HistoryNode:
    """The idea that comes of what is looked at, still without pixels.

    It stands under the idea its job started from, wherever the artist has gone meanwhile.
    """
    painted = len(look.candidates) == 2
    return HistoryNode(
        id=new_id(),
        parent=results.parent,
        picture=None,
        label=look.first.request.instruction.text,
        time=time.time(),
        candidates=look.candidates,
        siblings=tuple(s.candidate for s in results.slots if s.candidate is not None),
        ranking=results.ranking,
        opacity=look.opacity,
        paint=look.paint if painted else None,
        selection=results.selection,
        kind="paint" if painted else "edit",
    )
