from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QWidget

from app.panels.edge_view import RefinedEdge
from app.panels.exported_view import ExportedPicture
from app.panels.prompt import PromptPanel
from app.panels.results_panel import ResultsPanel
from app.panels.stage import StagePanel
from app.widgets.basics.popover import Popover, SlideOver
from app.window.rooms import Rooms

PAGES_OF_THE_EDIT: Final = ("caption", "method")
"""Pages that stay while an edit runs: they say how, and change between one run and the next."""


class WindowShell:
    """`Shell` for the real window."""

    def __init__(
        self,
        window: QWidget,
        side: SlideOver,
        results: ResultsPanel,
        prompt: PromptPanel,
        stage: StagePanel,
        rooms: Rooms,
    ) -> None:
        self._window = window
        self._side = side
        self._results = results
        self._prompt = prompt
        self._stage = stage
        self._popover: Popover | None = None
        self._rooms = rooms
        prompt.run_done.connect(self._uncover_results)

    # --- files ----------------------------------------------------------------------------------

    def ask_open_file(self, title: str, folder: str, kinds: str) -> Path | None:
        """See `Shell`."""
        name, _ = QFileDialog.getOpenFileName(self._window, title, folder, kinds)
        return Path(name) if name else None

    def ask_open_files(self, title: str, folder: str, kinds: str) -> list[Path]:
        """See `Shell`."""
        names, _ = QFileDialog.getOpenFileNames(self._window, title, folder, kinds)
        return [Path(name) for name in names]

    def ask_save_file(self, title: str, start: str, kinds: str) -> Path | None:
        """See `Shell`."""
        name, _ = QFileDialog.getSaveFileName(self._window, title, start, kinds)
        return Path(name) if name else None

    def ask_folder(self, title: str, start: str) -> Path | None:
        """See `Shell`."""
        name = QFileDialog.getExistingDirectory(self._window, title, start)
        return Path(name) if name else None

    # --- pages and popover ----------------------------------------------------------------------

    def show_page(self, name: str, title: str, page: QWidget) -> None:
        """See `Shell`."""
        self.show_workspace()
        self._side.open_page(name, title, page)

    def close_page(self) -> None:
        """See `Shell`."""
        self._side.close_page()

    def _uncover_results(self) -> None:
        if self._side.page not in PAGES_OF_THE_EDIT:
            self._side.close_page()

    def toggle_popover(self, title: str, content: Callable[[QWidget], QWidget]) -> None:
        """See `Shell`."""
        if self.close_popover():
            return
        self._popover = Popover(title, self._window)
        self._popover.body.addWidget(content(self._window))
        corner = QPoint(-8, self._results.header.height() + 8)
        self._popover.open_at(self._results.mapTo(self._window, corner))

    def close_popover(self) -> bool:
        """Close the popover; False if none was to be seen.

        It points at a place, so it also goes when places change.
        """
        if self._popover is None:
            return False
        shown = self._popover.isVisible()
        self._popover.dismiss()
        self._popover.deleteLater()
        self._popover = None
        return shown

    # --- prompt and canvas ----------------------------------------------------------------------

    def focus_prompt(self) -> None:
        """See `Shell`."""
        self._prompt.focus_prompt()

    def set_prompt(self, words: str) -> None:
        """See `Shell`."""
        self._prompt.box.set_text(words)

    def add_to_prompt(self, words: str) -> None:
        """See `Shell`."""
        there = self._prompt.box.text.strip()
        if words.lower() not in there.lower():
            self._prompt.box.set_text(", ".join(filter(None, (there, words))))

    def run_prompt(self) -> None:
        """See `Shell`."""
        self._prompt.run()

    def show_workspace(self) -> None:
        """See `Shell`."""
        self._rooms.show_workspace()

    def show_settings(self, section: str) -> None:
        """See `Shell`."""
        self._rooms.show_settings(section)

    def show_view(self, view: str) -> None:
        """See `Shell`."""
        self._stage.set_view(view)

    def show_exported(self, picture: ExportedPicture | None) -> None:
        """See `Shell`."""
        self._stage.show_exported(picture)

    def show_edge(self, edge: RefinedEdge | None) -> None:
        """See `Shell`."""
        self._stage.show_edge(edge)

    def finish_stroke(self) -> None:
        """See `Shell`."""
        self._stage.paint_in.commit()
