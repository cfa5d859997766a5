from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.panels.edge_view import RefinedEdge
    from app.panels.exported_view import ExportedPicture


class Shell(Protocol):
    """What a controller may ask of the window: no controller knows a widget of the window."""

    def ask_open_file(self, title: str, folder: str, kinds: str) -> Path | None:
        """The system's file chooser; None if it was cancelled.

        Args:
            title: of the chooser.
            folder: where it begins.
            kinds: what it offers, as `QFileDialog` writes filters.
        """

    def ask_open_files(self, title: str, folder: str, kinds: str) -> list[Path]:
        """The same for several files; none if it was cancelled."""

    def ask_save_file(self, title: str, start: str, kinds: str) -> Path | None:
        """Where to write, with `start` as the file proposed; None if it was cancelled."""

    def ask_folder(self, title: str, start: str) -> Path | None:
        """The system's chooser of folders; None if it was cancelled."""

    def show_page(self, name: str, title: str, page: QWidget) -> None:
        """Slide a page over the side column."""

    def close_page(self) -> None:
        """Take that page away."""

    def toggle_popover(self, title: str, content: Callable[[QWidget], QWidget]) -> None:
        """Open a popover beside the results, or close the one that is open.

        Args:
            title: its heading.
            content: makes its widget, given the parent.
        """

    def focus_prompt(self) -> None:
        """Put the caret into the prompt box."""

    def set_prompt(self, words: str) -> None:
        """Put words into the prompt box."""

    def add_to_prompt(self, words: str) -> None:
        """Put words after those in the prompt box, unless they are there."""

    def run_prompt(self) -> None:
        """Run the words in the prompt box."""

    def show_workspace(self) -> None:
        """Put the workspace in front of Home."""

    def show_settings(self, section: str) -> None:
        """Put a section of the settings in front of everything else."""

    def show_view(self, view: str) -> None:
        """Look in another way: picture, wipe, side, all, changes or map."""

    def show_exported(self, picture: ExportedPicture | None) -> None:
        """Put a picture and its file on the canvas, or what was there before."""

    def show_edge(self, edge: RefinedEdge | None) -> None:
        """Put an edge that is being refined on the canvas, or the selection as it is."""

    def finish_stroke(self) -> None:
        """Hand the last dabs of the brush to the session, before the result is kept or written."""
