from __future__ import annotations

from app.i18n.messages import text_of
from editor.messages import verbatim
from editor.model.ranking import Ranked
from editor.ranking.reasons import sentence


def reason_text(place: Ranked | None) -> str:
    """Why a result stands where it does, in the artist's language; "" without a place."""
    if place is None:
        return ""
    # Rankings in documents from before messages have English words alone.
    return sentence(place.clauses or (verbatim(place.reason),), text_of)
