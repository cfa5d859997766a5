from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.panels.settings.form import Form
from app.panels.settings.preferences import APPEARANCE, GENERAL, PERFORMANCE, PRIVACY
from app.runtime.settings import SETTINGS, Settings
from app.session.method_settings import MethodSettings
from app.widgets.basics.choice import ChoiceButton
from app.widgets.basics.switch import Switch

ALL = (*GENERAL, *APPEARANCE, *PERFORMANCE, *PRIVACY)


@pytest.mark.parametrize("preference", ALL, ids=lambda p: p.name)
def test_every_choice_is_a_value_that_the_setting_takes(preference: Any) -> None:
    setting = next(s for s in SETTINGS if s.name == preference.name)
    values = [value for value, _ in preference.choices] or [True, False]
    assert all(setting.accepts(value) for value in values)
    assert setting.default in values


def test_a_change_is_given_on_in_its_own_type(qtbot: QtBot, tmp_path: Path) -> None:
    given: list[tuple[str, Any]] = []
    settings = Settings(tmp_path / "settings.json")
    form = Form(ALL, settings, lambda name, value: given.append((name, value)))
    qtbot.addWidget(form)
    size, hover = form.controls["text_size"], form.controls["hover_history"]
    assert isinstance(size, ChoiceButton)
    assert isinstance(hover, Switch)
    assert (size.current, hover.isChecked()) == ("100", True)
    size.chosen.emit("125")
    hover.click()
    assert given == [("text_size", 125), ("hover_history", False)]


def test_it_shows_what_was_changed_elsewhere(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    form = Form(ALL, settings, settings.set)
    qtbot.addWidget(form)
    settings.set("theme", "light")
    settings.set("show_methods", True)
    form.follow()
    theme, methods = form.controls["theme"], form.controls["show_methods"]
    assert isinstance(theme, ChoiceButton)
    assert isinstance(methods, Switch)
    assert (theme.current, methods.isChecked()) == ("light", True)


def test_the_time_for_several_methods_is_set_and_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    form = Form(PERFORMANCE, settings, settings.set)
    qtbot.addWidget(form)
    limit = form.controls["time_limit"]
    assert isinstance(limit, ChoiceButton)
    assert (limit.current, limit.text()) == ("0", "No, the best fitting one")
    limit.chosen.emit("60")
    form.follow()
    assert limit.text() == "1 minute"
    assert MethodSettings(Settings(tmp_path / "settings.json")).time_limit() == 60.0


def test_a_value_set_by_hand_in_the_file_is_shown_as_it_is(qtbot: QtBot, tmp_path: Path) -> None:
    settings = Settings(tmp_path / "settings.json")
    settings.set("time_limit", 45)
    form = Form(PERFORMANCE, settings, settings.set)
    qtbot.addWidget(form)
    limit = form.controls["time_limit"]
    assert limit.text() == "45 seconds"
    settings.set("time_limit", 30)
    form.follow()
    assert limit.text() == "30 seconds"
