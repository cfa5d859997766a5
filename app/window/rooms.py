from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.panels.home import HomePanel
from app.session.changes import Changes
from app.session.recent_list import RecentList
from app.session.session import Session


class Rooms(QObject):
    """What lies between top bar and status line: Home, or the workspace with a picture.

    Home is in front while no document is open, unless a new picture is begun from words.

    Signals:
        changed(): the other room is in front.
    """

    changed = Signal()

    def __init__(
        self,
        stack: QStackedWidget,
        workspace: QWidget,
        home: HomePanel,
        session: Session,
        recent: RecentList,
    ) -> None:
        super().__init__(stack)
        self._stack, self._workspace, self._home = stack, workspace, home
        self._session, self._recent = session, recent
        self._document: object = session.document
        self._stack.setCurrentWidget(home if session.document is None else workspace)
        session.changed.connect(self._on_changed)

    @property
    def at_home(self) -> bool:
        """Home is in front."""
        return self._stack.currentWidget() is self._home

    def show_home(self) -> None:
        """Home, over whatever is open."""
        self._recent.refresh()
        self._home.show_samples()
        if not self.at_home:
            self._stack.setCurrentWidget(self._home)
            self.changed.emit()
        self._home.focus_first()

    def show_workspace(self) -> None:
        """The open picture, or the empty place where a new one is begun."""
        if self.at_home:
            self._stack.setCurrentWidget(self._workspace)
            self.changed.emit()

    def leave(self) -> bool:
        """One step out: from Home to what is open, from an empty workspace to Home.

        Returns:
            False where there is no other room to go to.
        """
        session = self._session
        if self.at_home:
            if session.document is None:
                return False
            self.show_workspace()
            return True
        if session.document is None and session.results is None:
            self.show_home()
            return True
        return False

    def _on_changed(self, changes: Changes) -> None:
        if not changes & Changes.DOCUMENT or self._session.document is self._document:
            return
        self._document = self._session.document
        if self._document is None:
            self.show_home()
        else:
            self.show_workspace()
