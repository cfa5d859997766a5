"""Why an action cannot be done now: what the command field says beside its name."""

from __future__ import annotations

from typing import Final

from app.i18n.texts import N_
from app.window import conditions as when
from app.window.actions import WITHOUT_PICTURE, ActionInfo, is_enabled
from app.window.conditions import Condition
from app.window.window_view import WindowView

_NOTHING: Final[dict[Condition, str]] = {
    when.can_undo: N_("Nothing to undo"),
    when.can_redo: N_("Nothing to redo"),
    when.is_turned: N_("The view is upright"),
}
_LACKS: Final[dict[Condition, str]] = {
    when.is_ranked: N_("The results are not in order yet"),
    when.can_refine: N_("Only for a result of Explore"),
    when.can_set_strength: N_("Not while two pictures are compared"),
    when.can_paint_in: N_("Needs a second result of this picture"),
}


def why_not(info: ActionInfo, view: WindowView) -> str:
    """The reason as a text of the actions table, to be translated; "" for what can be done."""
    if is_enabled(info, view):
        return ""
    if view.hides_picture and info.id not in WITHOUT_PICTURE:
        seen = view.session.has_document or view.session.is_new_picture
        return N_("Go back to the picture first") if seen else N_("Open a picture first")
    session, condition = view.session, info.enabled_when
    if condition in _NOTHING:
        return _NOTHING[condition]
    if not session.has_document and not session.is_new_picture:
        return N_("Open a picture first")
    if not session.has_document and condition in (when.has_document, when.can_explore):
        return N_("Keep one of the new pictures first")
    if session.is_busy and condition is not when.can_paint_in:
        return N_("Wait until the results are there")
    if not session.finished:
        return N_("There are no results")
    if not session.has_look and condition is not when.is_ranked:
        return N_("Look at a result first")
    return _LACKS.get(condition, N_("Not now"))
