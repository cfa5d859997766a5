"""The room of surveys: made from a list, rated by keys, closed by a second click."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.panels.survey.survey_panel import SurveyPanel
from tests.app.window.window_cases import WindowFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LINES = "model,text,words\nfirst,a boat,a boat at sea\nsecond,a boat,a boat\n"


def shown(window: WindowFixture) -> SurveyPanel:
    window.window.action_set.trigger("survey")
    panel = window.window.findChild(SurveyPanel)
    assert isinstance(panel, SurveyPanel)
    return panel


def made(
    window: WindowFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, preset: str
) -> SurveyPanel:
    answers, folder = tmp_path / "answers.csv", tmp_path / "survey"
    answers.write_text(LINES, "utf-8")
    folder.mkdir()
    shell = window.window.shell
    monkeypatch.setattr(shell, "ask_open_file", lambda *_: answers)
    monkeypatch.setattr(shell, "ask_folder", lambda *_: folder)
    panel = shown(window)
    panel.preset.set_current(preset)
    panel.make.click()
    window.wait(lambda: panel.desk.survey is not None)
    window.settle()
    return panel


def test_a_survey_is_rated_by_keys_and_closed(
    window: WindowFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = made(window, tmp_path, monkeypatch, "concept")
    assert not panel.rate.isEnabled()
    panel.rater.setText("Ada")
    panel.rate.click()
    window.wait(lambda: panel.desk.run is not None)
    assert panel.rating.isVisible()
    assert "first" not in panel.rating.text.accessibleName()
    for key in (Qt.Key.Key_3, Qt.Key.Key_9, Qt.Key.Key_4, Qt.Key.Key_1, Qt.Key.Key_2):
        QTest.keyClick(panel.rating, key)  # 9 is no level
    assert panel.desk.is_complete
    QTest.keyClick(panel.rating, Qt.Key.Key_Left)
    assert panel.rating.buttons["quality", "3"].isChecked()
    assert panel.rating.buttons["faithfulness", "4"].isChecked()
    panel.rating.finish.click()
    window.wait(lambda: panel.desk.count == 4)
    window.settle()
    assert panel.message.accessibleName() == "Ratings of Ada are in the survey now."
    panel.close_survey.click()
    assert panel.close_survey.text() == "Close now, no more ratings"
    assert panel.desk.survey is not None
    assert not panel.desk.survey.closed
    panel.close_survey.click()
    window.wait(lambda: panel.desk.survey is not None and panel.desk.survey.closed)
    window.settle()
    assert not panel.close_survey.isVisible()
    assert not panel.rate.isEnabled()
    lines = [label.accessibleName() for label in panel._shown]
    assert any(line.startswith("first: mean") for line in lines)


def test_pairs_are_left_no_difference_or_right(
    window: WindowFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = made(window, tmp_path, monkeypatch, "chat")
    panel.rater.setText("Ada")
    panel.rate.click()
    window.wait(lambda: panel.desk.run is not None)
    window.settle()
    titles = [view.title.text for view in panel.rating.pictures if view.isVisible()]
    assert titles == ["Left", "Right"]
    panel.rating.buttons["better", "tie"].click()
    assert panel.desk.run is not None
    assert [score for score, _ in panel.desk.run.answers.values()] == ["tie"]
    panel.rating.pause.click()
    assert panel.overview.isVisible()


def test_what_is_no_survey_is_said_and_esc_leaves(
    window: WindowFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.window.shell, "ask_folder", lambda *_: tmp_path)
    panel = shown(window)
    panel.open.click()
    window.wait(lambda: bool(panel.message.accessibleName()))
    assert "survey" in panel.message.accessibleName()
    assert window.parts.rooms.title == "Survey"
    window.window.escape()
    assert not window.parts.rooms.hides_picture
