from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from app.i18n.texts import tr
from app.session.session import Session
from app.window.shell import Shell

if TYPE_CHECKING:  # loaded with the first survey, not with the window
    from app.panels.survey.survey_panel import SurveyPanel
    from app.session.survey_desk import SurveyDesk


class SurveyController:
    """The room of blind surveys: choosers of its files, and what it says."""

    def __init__(self, session: Session, shell: Shell) -> None:
        """Nothing is read before the room is shown."""
        self._session, self._shell = session, shell
        self._desk: SurveyDesk | None = None

    def make_panel(self) -> SurveyPanel:
        """The room."""
        from app.panels.survey.survey_panel import SurveyPanel
        from app.session.survey_desk import SurveyDesk

        self._desk = desk = SurveyDesk(self._session.work, self._session)
        desk.said.connect(self._session.messages.announce)
        panel = SurveyPanel(desk, self._session.work)
        panel.make_asked.connect(self._make)
        panel.open_asked.connect(self._open)
        panel.import_asked.connect(self._take)
        panel.folder_asked.connect(self._show_folder)
        return panel

    def _make(self, preset: str) -> None:
        kinds = f"{tr('List of answers')} (*.csv *.jsonl)"
        answers = self._shell.ask_open_file(tr("List of answers"), str(Path.home()), kinds)
        if answers is None:
            return
        folder = self._shell.ask_folder(tr("Empty folder for the survey"), str(answers.parent))
        if folder is not None and self._desk is not None:
            self._desk.make(answers, folder, preset)

    def _open(self) -> None:
        folder = self._shell.ask_folder(tr("Folder of a survey"), str(Path.home()))
        if folder is not None and self._desk is not None:
            self._desk.open(folder)

    def _take(self) -> None:
        files = self._shell.ask_open_files(tr("Ratings"), str(Path.home()), "*.csv")
        if files and self._desk is not None:
            self._desk.take(files)

    def _show_folder(self) -> None:
        folder = self._desk.folder if self._desk is not None else None
        if folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
