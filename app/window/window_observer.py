from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.runtime.settings import Settings
from app.session.changes import Changes
from app.session.session import Session
from app.window.regions import Regions
from app.window.responsive_layout import ResponsiveLayout
from app.window.window_view import WindowView, step_labels

WATCHED = (
    Changes.LOOK | Changes.HEAD | Changes.HISTORY | Changes.RESULTS | Changes.DOCUMENT
    | Changes.SELECTION | Changes.JOB
)  # fmt: skip
"""Changes of the session that may enable an action or change the bar over the canvas."""
MOVES = Changes.HISTORY | Changes.HEAD | Changes.DOCUMENT
"""Changes after which Undo and Redo may lead elsewhere."""


class WindowObserver:
    """Takes the snapshots that the actions table is evaluated over.

    The session's part is as it was when the session last said that it changed, so that the actions
    never run ahead of what the panels show.
    """

    def __init__(
        self,
        window: QWidget,
        session: Session,
        settings: Settings,
        regions: Regions,
        responsive: ResponsiveLayout,
    ) -> None:
        self._window = window
        self._session = session
        self._settings = settings
        self._regions = regions
        self._responsive = responsive
        self._session_view = session.snapshot()
        self._labels = ("", "")

    def follow(self, changes: Changes) -> bool:
        """Take what changed in the session into account; False if no action depends on it."""
        if not changes & WATCHED:
            return False
        snapshot, before = self._session.snapshot(), self._session_view
        if changes & MOVES:
            document = self._session.document
            self._labels = step_labels(document.history if document is not None else None)
        else:  # an idea that is not on the disk yet is not announced, and cannot be undone
            snapshot = replace(snapshot, can_undo=before.can_undo, can_redo=before.can_redo)
        self._session_view = snapshot
        return True

    def view(self) -> WindowView:
        """All that decides which actions make sense now."""
        stage, settings, layout = self._regions.stage, self._settings, self._responsive
        undo_label, redo_label = self._labels
        return WindowView(
            session=self._session_view,
            undo_label=undo_label,
            redo_label=redo_label,
            view=stage.view,
            compares_pair=bool(stage.pair),
            tool=stage.canvas.tools.tool,
            angle=stage.canvas.angle,
            theme=str(settings["theme"]),
            shows_edges=stage.canvas.overlay.shows_edges,
            shows_overlay=stage.canvas.overlay.shows_overlay,
            shows_methods=bool(settings["show_methods"]),
            is_live=self._session.live_preview.enabled,
            only_picture=layout.only_picture,
            shows_side=layout.shows_side,
            full_screen=self._window.isFullScreen(),
            hides_picture=self._regions.rooms.hides_picture,
        )
