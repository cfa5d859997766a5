from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.i18n.texts import tr
from app.panels.home import HomePanel
from app.panels.settings.settings_panel import SettingsPanel
from app.session.changes import Changes
from app.session.recent_list import RecentList
from app.session.session import Session

if TYPE_CHECKING:  # surveys and the codecs of their pictures are loaded with the first one
    from app.panels.survey.survey_panel import SurveyPanel


class Rooms(QObject):
    """What lies between top bar and status line: Home, the settings, or the workspace.

    Home is in front while no document is open, unless a new picture is begun from words. The
    settings lie over either of the two and lead back to it.

    Attributes:
        make_settings: makes the settings when they are first shown.
        make_survey: makes the room of surveys when it is first shown.

    Signals:
        changed(): another room is in front.
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
        self._settings: SettingsPanel | None = None
        self._behind: QWidget | None = workspace
        self.make_settings: Callable[[], SettingsPanel] | None = None
        self.make_survey: Callable[[], SurveyPanel] | None = None
        self._survey: SurveyPanel | None = None
        self._stack.setCurrentWidget(home if session.document is None else workspace)
        session.changed.connect(self._on_changed)

    @property
    def at_home(self) -> bool:
        """Home is in front."""
        return self._stack.currentWidget() is self._home

    @property
    def in_settings(self) -> bool:
        """The settings are in front."""
        return self._settings is not None and self._stack.currentWidget() is self._settings

    @property
    def hides_picture(self) -> bool:
        """Home or the settings are in front."""
        return self._stack.currentWidget() is not self._workspace

    @property
    def title(self) -> str:
        """What the room in front is called; "" for the workspace, whose picture has the title."""
        if self.in_settings:
            return tr("Settings")
        if self.in_survey:
            return tr("Survey")
        return tr("Home") if self.at_home else ""

    def show_settings(self, section: str) -> None:
        """A section of the settings, over whatever is in front."""
        assert self.make_settings is not None  # the window sets it when it is built
        if self._settings is None:
            self._settings = self.make_settings()
            self._stack.addWidget(self._settings)
            self._settings.left.connect(self.leave_settings)
        panel, document = self._settings, self._session.document
        panel.show_section(section)
        if not self.in_settings:
            self._behind = self._stack.currentWidget()
            at_home = self._behind is self._home
            panel.set_back(tr("Home") if at_home or document is None else document.title)
            self._put(panel)
        panel.focus_section()

    @property
    def in_survey(self) -> bool:
        """The room of surveys is in front."""
        return self._survey is not None and self._stack.currentWidget() is self._survey

    def show_survey(self) -> None:
        """The room of surveys, over Home or the workspace."""
        assert self.make_survey is not None  # the window sets it when it is built
        if self._survey is None:
            self._survey = self.make_survey()
            self._stack.addWidget(self._survey)
            self._survey.left.connect(self.leave_survey)
        if not self.in_survey:
            self.leave_settings()
            self._put(self._survey)
            self._survey.back.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_survey(self) -> bool:
        """Back to what is open, or to Home; False if the room of surveys is not in front."""
        if not self.in_survey:
            return False
        if self._session.document is None:
            self.show_home()
        else:
            self._put(self._workspace)
        return True

    def leave_settings(self) -> bool:
        """Back to where one came from; False if the settings are not in front."""
        if not self.in_settings:
            return False
        if self._behind is self._home:
            self.show_home()
        else:
            self._put(self._workspace)
        return True

    def _put(self, room: QWidget) -> None:
        self._stack.setCurrentWidget(room)
        self.changed.emit()

    def show_home(self) -> None:
        """Home, over whatever is open."""
        self._recent.refresh()
        self._home.show_samples()
        if not self.at_home:
            self._put(self._home)
        self._home.focus_first()

    def show_workspace(self) -> None:
        """The open picture, or the empty place where a new one is begun."""
        if self.hides_picture:
            self._put(self._workspace)

    def leave(self) -> bool:
        """One step out.

        From Home to what is open, from an empty workspace to Home.

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
