from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.i18n.texts import tr
from app.panels.pages.about_page import AboutPage
from app.runtime import paths
from app.window.shell import Shell


class HelpController:
    """What the Help menu shows."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    def show_keys(self) -> None:
        """Every shortcut, by menu."""
        self._shell.show_settings("shortcuts")

    def show_words(self) -> None:
        """Examples of what can be said, and all words of tone and colour to search."""
        self._shell.show_settings("words")

    def show_models(self) -> None:
        """What works now, and what waits for a model."""
        self._shell.show_settings("models")

    def open_home(self) -> None:
        """The folder with settings and logs, in the system's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(paths.home())))

    def show_about(self) -> None:
        """Name, version, licence."""
        self._shell.show_page("about", tr("About"), AboutPage(program_version()))


def program_version() -> str:
    """The installed version; "0" where the program runs from its sources alone."""
    from importlib.metadata import PackageNotFoundError, version  # 40 ms, and seldom asked for

    try:
        return version("pentimento")
    except PackageNotFoundError:
        return "0"
