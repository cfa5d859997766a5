from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon, QPixmap
from PySide6.QtWidgets import QMenu

from app.canvas.thumbnails import Thumbnails
from app.i18n.texts import tr
from app.panels import document_wording as wording
from app.session.recent_list import RecentList

SHOWN = 10


class RecentMenu(QObject):
    """File > Open Recent: the documents worked on last, with their pictures.

    Signals:
        document_asked(str): open this document; its path.
    """

    document_asked = Signal(str)

    def __init__(
        self,
        file_menu: QMenu,
        before: QAction,
        recent: RecentList,
        thumbnails: Thumbnails,
        show_all: QAction,
        clear: QAction,
    ) -> None:
        """Args: the submenu stands `before` an action; its last entries do the last two."""
        super().__init__(file_menu)
        self._recent, self._thumbnails = recent, thumbnails
        self._show_all, self._clear = show_all, clear
        self.menu = QMenu(tr("Open recent"), file_menu)
        self.menu.setObjectName("menu-recent")
        file_menu.insertMenu(before, self.menu)
        file_menu.aboutToShow.connect(recent.refresh)
        self.menu.aboutToShow.connect(self._fill)

    def _fill(self) -> None:
        self.menu.clear()
        for entry in self._recent.entries[:SHOWN]:
            summary = entry.summary
            text = f"{wording.document_name(entry)}\t{wording.detail_text(entry)}"
            action = self.menu.addAction(text.replace("&", "&&"))
            action.triggered.connect(partial(self._ask, entry.path))
            current = summary.current if summary is not None else None
            if current is not None:
                image = self._thumbnails.of_document(current.picture, entry.path, current.id)
                if image is not None:
                    action.setIcon(QIcon(QPixmap.fromImage(image)))
        self.menu.addSeparator()
        self.menu.addAction(tr("Show all")).triggered.connect(self._show_all.trigger)
        self.menu.addAction(tr("Clear this list")).triggered.connect(self._clear.trigger)

    def _ask(self, path: Path) -> None:
        self.document_asked.emit(str(path))
