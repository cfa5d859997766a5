from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.i18n.texts import tr
from app.session.recent_list import RecentList
from app.session.session import Session
from app.window.controllers.file import FileController
from app.window.shell import Shell


class HomeController:
    """What is done with the documents on Home and in File > Open recent."""

    def __init__(
        self, session: Session, shell: Shell, files: FileController, recent: RecentList
    ) -> None:
        self._session, self._shell = session, shell
        self._files, self._recent = files, recent
        self._taken_off: tuple[Path, ...] = ()

    def open(self, path: str) -> None:
        """Open a document; one that is missing is looked for in the system's file chooser."""
        document, wanted = self._session.document, Path(path)
        if document is not None and document.path == wanted:
            self._shell.show_workspace()
        elif any(e.path == wanted and e.is_missing for e in self._recent.entries):
            self._find(wanted)
        else:
            self._files.open_path(wanted)

    def open_map(self, path: str) -> None:
        """Open a document and look at all its ideas."""
        self._files.open_path(Path(path), view="map")

    def remove(self, path: str) -> None:
        """Take a document off the list."""
        self._take_off((Path(path),), tr("Taken off the list. The file stays."), tr("Put it back"))

    def clear(self) -> None:
        """Take every document off the list."""
        paths = tuple(entry.path for entry in self._recent.entries)
        if paths:
            self._take_off(paths, tr("The list is empty now. The files stay."), tr("Put them back"))

    def put_back(self) -> None:
        """Put back what was taken off last."""
        self._recent.show(self._taken_off)
        self._taken_off = ()
        self._session.messages.say(None)

    def commands(self, path: str) -> dict[str, Callable[[], object]]:
        """What can be done with a document, by id: open, folder, pin, remove."""
        pinned = self.is_pinned(path)
        return {
            "open": lambda: self.open(path),
            "folder": lambda: _show_folder(Path(path)),
            "pin": lambda: self._recent.pin(Path(path), not pinned),
            "remove": lambda: self.remove(path),
        }

    def is_pinned(self, path: str) -> bool:
        """Whether a document stands first."""
        return any(str(e.path) == path and e.is_pinned for e in self._recent.entries)

    def _take_off(self, paths: tuple[Path, ...], text: str, button: str) -> None:
        self._taken_off = paths
        self._recent.hide(paths)
        self._session.messages.notice(text, button, "recent_put_back")

    def _find(self, path: Path) -> None:
        title = tr("Find {0}").format(path.name)
        found = self._shell.ask_open_file(title, str(path.parent), f"*{path.suffix}")
        if found is not None:
            self._recent.note_moved(path, found)
            self._files.open_path(found)


def _show_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
