"""A `Shell` without a window: it notes what a controller asks of it, and answers from lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.panels.edge_view import RefinedEdge
from app.panels.exported_view import ExportedPicture


class FakeShell:
    """Attributes: `calls` is what was asked, in order; `answers` what file choosers give back;
    `exported` and `edge` what the canvas shows of a file, and of an edge."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.answers: list[Path | None] = []
        self.page: QWidget | None = None
        self.edge: RefinedEdge | None = None
        self.exported: ExportedPicture | None = None

    def ask_open_file(self, title: str, folder: str, kinds: str) -> Path | None:
        self.calls.append(("open file", title, folder, kinds))
        return self.answers.pop(0)

    def ask_open_files(self, title: str, folder: str, kinds: str) -> list[Path]:
        self.calls.append(("open files", title, folder, kinds))
        found = self.answers.pop(0)
        return [] if found is None else [found]

    def ask_save_file(self, title: str, start: str, kinds: str) -> Path | None:
        self.calls.append(("save file", title, Path(start).name, kinds))
        return self.answers.pop(0)

    def ask_folder(self, title: str, start: str) -> Path | None:
        self.calls.append(("folder", title))
        return self.answers.pop(0)

    def show_page(self, name: str, title: str, page: QWidget) -> None:
        self.calls.append(("page", name, title))
        self.page = page

    def close_page(self) -> None:
        self.calls.append(("close page",))

    def toggle_popover(self, title: str, content: Callable[[QWidget], QWidget]) -> None:
        self.calls.append(("popover", title, content))

    def focus_prompt(self) -> None:
        self.calls.append(("focus prompt",))

    def set_prompt(self, words: str) -> None:
        self.calls.append(("prompt", words))

    def add_to_prompt(self, words: str) -> None:
        self.calls.append(("add to prompt", words))

    def run_prompt(self) -> None:
        self.calls.append(("run",))

    def show_workspace(self) -> None:
        self.calls.append(("workspace",))

    def show_settings(self, section: str) -> None:
        self.calls.append(("settings", section))

    def show_view(self, view: str) -> None:
        self.calls.append(("view", view))

    def show_exported(self, picture: ExportedPicture | None) -> None:
        self.exported = picture

    def show_edge(self, edge: RefinedEdge | None) -> None:
        self.edge = edge

    def finish_stroke(self) -> None:
        self.calls.append(("finish stroke",))
