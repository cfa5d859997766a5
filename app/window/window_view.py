from __future__ import annotations

from dataclasses import dataclass, field

from app.session.session_view import SessionView
from editor.model.history import History


@dataclass(frozen=True)
class WindowView:
    """A snapshot of the window: all that decides which actions are offered, ticked, and named how.

    Attributes:
        session: snapshot of what is edited.
        undo_label: what Undo would take back, "" for nothing.
        redo_label: what Redo would bring back, "" for nothing.
        view: "picture", "wipe", "side", "all", "changes" or "map".
        compares_pair: two pictures stand side by side.
        tool: the active tool of the canvas.
        angle: how far the picture is turned on the screen, degrees.
        theme: the theme chosen in the settings.
        shows_edges: the edge of the selection is drawn.
        shows_overlay: the selection is drawn as a coloured overlay.
        shows_methods: every result says how it was made.
        is_live: the canvas follows the words while they are typed.
        only_picture: everything but the picture is hidden.
        shows_side: the side column is open.
        full_screen: the window fills the screen.
        hides_picture: Home or the settings are in front.
    """

    session: SessionView = field(default_factory=SessionView)
    undo_label: str = ""
    redo_label: str = ""
    view: str = "picture"
    compares_pair: bool = False
    tool: str = "pan"
    angle: float = 0.0
    theme: str = "system"
    shows_edges: bool = True
    shows_overlay: bool = False
    shows_methods: bool = False
    is_live: bool = False
    only_picture: bool = False
    shows_side: bool = True
    full_screen: bool = False
    hides_picture: bool = False


def step_labels(history: History | None) -> tuple[str, str]:
    """What Undo would take back and what Redo would bring back, "" for nothing."""
    if history is None:
        return "", ""
    undo = history.label(history.current.id) if history.can_undo else ""
    target = history.redo_target
    return undo, history.label(target) if target is not None else ""
