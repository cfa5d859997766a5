"""The settings: a room of its own, whose changes act at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.panels.pages.export_page import ExportPage
from app.panels.settings import settings_panel
from app.panels.settings.models_section import ModelsSection
from app.panels.settings.settings_panel import SettingsPanel
from app.runtime import paths
from app.theme.theme import look
from app.widgets.basics.choice import ChoiceButton
from tests.app.window.window_cases import WindowFixture

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def w(tmp_path: Path, qapp: QApplication) -> Iterator[WindowFixture]:
    fixture = WindowFixture(tmp_path)
    fixture.resize(1440, 900)
    fixture.show()
    yield fixture
    done: list[None] = []
    fixture.work.run(lambda ticket: None, done.append, None, 99)
    fixture.wait(lambda: bool(done))  # what still reads the models' folders would come too late
    fixture.close()
    look().set_choice("dark")
    look().set_surround("theme")
    look().set_text_scale(1.0)
    look().set_motion(None)


def panel(w: WindowFixture) -> SettingsPanel:
    found = w.window.findChild(SettingsPanel)
    assert found is not None
    return found


def show(w: WindowFixture, section: str) -> SettingsPanel:
    w.parts.rooms.show_settings(section)
    w.settle()
    return panel(w)


def take(w: WindowFixture, name: str, value: str) -> None:
    """Another entry of the menu behind a row's button."""
    button = panel(w).findChild(ChoiceButton, f"preference-{name}")
    assert button is not None
    menu = button.build_menu()
    index = [choice.id for choice in button._choices].index(value)
    menu.actions()[index].trigger()
    menu.deleteLater()


def texts(widget: QWidget) -> str:
    shown = (one for one in widget.findChildren(QWidget) if not one.isHidden())
    return "\n".join(f"{one.accessibleName()}\n{one.accessibleDescription()}" for one in shown)


def test_ctrl_comma_opens_them_and_esc_leads_back(w: WindowFixture) -> None:
    assert w.window.findChild(SettingsPanel) is None  # a start without them makes nothing
    QTest.keyClick(w.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    w.settle()
    assert panel(w).isVisible()
    assert panel(w).section == "general"
    assert w.parts.top.title.text == "Settings"
    assert panel(w).list.back.text() == "Back to ramp"
    assert not w.window.action_set["view_wipe"].isEnabled()
    assert w.parts.side.isHidden()
    QTest.keyClick(QApplication.focusWidget() or w.window, Qt.Key.Key_Escape)
    w.settle()
    assert w.parts.stage.isVisible()
    assert w.parts.top.title.text == "ramp"


def test_from_home_they_lead_back_home(tmp_path: Path, qapp: QApplication) -> None:
    w = WindowFixture(tmp_path, document=False)
    w.show()
    show(w, "privacy")
    assert panel(w).list.back.text() == "Back to Home"
    panel(w).list.back.click()
    w.settle()
    assert w.parts.rooms.at_home
    w.close()


def test_every_section_has_a_page(w: WindowFixture) -> None:
    for section, title, _ in settings_panel.SECTIONS:
        shown = show(w, section)
        assert shown.title.text == title
        assert shown.section == section


def test_changes_act_at_once_and_are_remembered(w: WindowFixture) -> None:
    show(w, "appearance")
    take(w, "theme", "light")
    take(w, "text_size", "150")
    take(w, "motion", "off")
    assert look().tokens.name == "light"
    assert look().text_scale == 1.5
    assert not look().motion
    show(w, "performance")
    take(w, "count", "8")
    assert w.parts.prompt.box.count.current == "8"
    take(w, "live", "off")
    assert not w.session.live_preview.enabled
    assert not w.window.observer.view().is_live
    show(w, "general")
    take(w, "wheel", "scroll")
    assert w.parts.stage.canvas.wheel_scrolls
    take(w, "start_with", "last")
    stored = {n: w.settings[n] for n in ("theme", "text_size", "motion", "count", "live", "wheel")}
    assert stored == {
        "theme": "light", "text_size": 150, "motion": "off", "count": 8, "live": "off",
        "wheel": "scroll",
    }  # fmt: skip
    assert w.settings["start_with"] == "last"


def test_the_surround_is_the_artists(w: WindowFixture) -> None:
    show(w, "appearance")
    take(w, "surround", "white")
    assert look().tokens.surround.name() == "#ffffff"
    assert w.parts.rooms.leave_settings()
    w.settle()
    corner = w.parts.stage.canvas.grab().toImage().pixelColor(3, 3)
    assert corner.name() == "#ffffff"
    w.window.action_set.trigger("theme_light")
    assert look().tokens.surround.name() == "#ffffff", "in every theme"
    show(w, "appearance")
    take(w, "surround", "theme")
    assert look().tokens.surround.name() == "#cfcfcf"


def test_models_get_no_more_memory_than_is_allowed(w: WindowFixture) -> None:
    show(w, "performance")
    take(w, "memory_limit", "4")
    assert w.engine.memory_limit == 4_000_000_000
    take(w, "memory_limit", "0")
    assert w.engine.memory_limit is None


def test_an_export_begins_with_the_metadata_of_the_settings(w: WindowFixture) -> None:
    def kept() -> tuple[bool, bool]:
        w.window.action_set.trigger("export")
        w.settle()
        page = w.window.findChildren(ExportPage)[-1]
        found = page.camera.isChecked(), page.place.isChecked()
        w.window.escape()
        return found

    assert kept() == (True, False)
    for value, wanted in (("none", (False, False)), ("all", (True, True))):
        show(w, "privacy")
        take(w, "metadata", value)
        assert w.parts.rooms.leave_settings()
        w.settle()
        assert kept() == wanted


def test_values_changed_elsewhere_are_shown(w: WindowFixture) -> None:
    show(w, "appearance")
    assert w.parts.rooms.leave_settings()
    w.window.action_set.trigger("theme_light")
    button = show(w, "appearance").findChild(ChoiceButton, "preference-theme")
    assert button is not None
    assert button.current == "light"


def test_small_pictures_are_counted_and_cleared(w: WindowFixture) -> None:
    folder = paths.home() / "thumbnails"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "one.png").write_bytes(bytes(3_000_000))
    shown = show(w, "performance")
    w.wait(lambda: "3.0 MB" in texts(shown))
    button = shown.findChild(QWidget, "clear-thumbnails")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    w.wait(lambda: not button.isEnabled())
    assert list(folder.iterdir()) == []


def test_models_are_called_by_what_they_do(w: WindowFixture, starter_models: Path) -> None:
    w.window.action_set.trigger("show_models")
    w.settle()
    section = panel(w).findChild(ModelsSection)
    assert section is not None
    w.wait(lambda: "Picture describer, starter" in texts(section))
    assert "Describes storybook scenes." in texts(section)
    assert "captioner" not in texts(section)


def test_the_keys_of_help_are_a_section(w: WindowFixture) -> None:
    w.window.action_set.trigger("show_keys")
    assert panel(w).section == "shortcuts"


def test_in_a_narrow_window_sections_are_tabs(w: WindowFixture) -> None:
    shown = show(w, "general")
    assert shown.list.width() == 216
    w.resize(800, 600)
    assert shown.list.width() == shown.width()
    assert shown.list.height() < 80
