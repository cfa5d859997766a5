"""Buttons, switch, focus ring, palette, pages, empty states."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QImage, QKeySequence
from PySide6.QtWidgets import QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from app.theme.theme import REGULAR, look
from app.widgets.basics.buttons import PushButton, ToolButton
from app.widgets.basics.command_palette import Command, CommandPalette, match
from app.widgets.basics.empty_state import DropFrame, InfoCard, NothingTried, PictureTile
from app.widgets.basics.labels import QuietLabel
from app.widgets.basics.painting import FocusRing, text_width, wrap_text
from app.widgets.basics.popover import Popover, SlideOver
from app.widgets.basics.segments import Segment, ViewSwitch
from app.widgets.basics.sliders import WordSlider
from app.widgets.basics.steps import GuideStep
from tests.waiting import show

# The offscreen platform says this of every window that is shown.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_samples_shrink_before_words_are_cut_in_large_type(qtbot: QtBot) -> None:
    look().set_text_scale(2.0)
    try:
        place = NothingTried()
        qtbot.addWidget(place)
        image = QImage(96, 96, QImage.Format.Format_RGB32)
        place.set_samples([PictureTile(str(n), f"sample {n}", image) for n in range(4)])
        assert place.minimumSizeHint().width() <= 552  # the column beside a canvas, 1440 wide
    finally:
        look().set_text_scale(1.0)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    it = QWidget()
    it.resize(700, 500)
    qtbot.addWidget(it)
    show(it)
    return it


def test_buttons_have_names_keys_and_targets(qtbot: QtBot) -> None:
    tool, push = ToolButton("hand", "Pan", "H"), PushButton("Keep this", key="Enter")
    for widget in (tool, push):
        qtbot.addWidget(widget)
    assert tool.accessibleName() == "Pan"
    assert "H" in tool.toolTip()
    assert tool.sizeHint().width() == 36
    assert push.sizeHint().height() >= 34
    clicked: list[bool] = []
    push.clicked.connect(lambda: clicked.append(True))
    push.show()
    qtbot.keyClick(push, Qt.Key.Key_Return)
    qtbot.keyClick(push, Qt.Key.Key_Space)
    assert len(clicked) == 2


def test_widgets_grow_with_the_text(qtbot: QtBot) -> None:
    push = PushButton("Keep this", key="Enter")
    qtbot.addWidget(push)
    before = push.sizeHint()
    look().set_text_scale(2.0)
    after = push.sizeHint()
    look().set_text_scale(1.0)
    assert after.width() > 1.6 * before.width()
    assert after.height() >= 2 * before.height() - 2


def test_focus_ring_shows_for_keys_not_for_clicks(window: QWidget) -> None:
    push = PushButton("Go", window)
    push.move(50, 50)
    push.show()
    ring = FocusRing(window)
    ring.show_on(push)
    assert ring.isVisible()
    assert ring.geometry() == push.geometry().adjusted(-4, -4, 4, 4)
    push.move(80, 60)
    assert ring.geometry().topLeft() == QPoint(76, 56)
    push.hide()
    assert not ring.isVisible()
    ring.show_on(QWidget(window))
    assert not ring.isVisible()


def test_view_switch(qtbot: QtBot) -> None:
    switch = ViewSwitch([Segment("a", "Picture", "image"), Segment("b", "Wipe", "columns-2", "Y")])
    qtbot.addWidget(switch)
    switch.show()
    chosen: list[str] = []
    switch.chosen.connect(chosen.append)
    switch.set_current("b")
    assert (switch.current, chosen) == ("b", [])
    qtbot.mouseClick(switch.findChild(QWidget, "view-a"), Qt.MouseButton.LeftButton)
    assert (switch.current, chosen) == ("a", ["a"])
    wide = switch.sizeHint().width()
    switch.set_compact(True)
    assert switch.sizeHint().width() < wide


COMMANDS = (
    Command("open", "Open", "Ctrl O", "File"),
    Command("save", "Save a copy", "Ctrl Shift S", "File"),
    Command("keep", "Keep this", "Enter", "Edit", why_not="There is no result to keep yet"),
)


def test_match_prefers_beginnings_of_words() -> None:
    begin, inside = match("cop", COMMANDS[1]), match("pn", COMMANDS[0])
    assert begin is not None
    assert inside is not None
    assert begin > inside
    assert match("zzz", COMMANDS[0]) is None


def test_a_palette_without_a_match_keeps_its_field_and_names_the_nearest(
    window: QWidget, qtbot: QtBot
) -> None:
    window.resize(700, 500)
    palette = CommandPalette(window)
    ran: list[str] = []
    palette.run_asked.connect(ran.append)
    palette.open_with(COMMANDS)
    place = palette.field.geometry()
    qtbot.keyClicks(palette.field, "opne")
    assert palette.field.geometry() == place
    assert palette._none.text == "No command “opne”. Nearest:"
    assert [command.id for command in palette.commands.found] == ["open"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == [], "none is marked, so Enter does nothing"
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == ["open"]
    palette.open_with(COMMANDS)
    qtbot.keyClicks(palette.field, "xyzzy")
    assert palette.field.geometry() == place
    assert palette._none.text == "No command “xyzzy”."


def test_what_is_disabled_has_a_dashed_edge_in_high_contrast(window: QWidget) -> None:
    push = PushButton("Keep this", window)
    push.show()

    def edge_inks() -> set[str]:
        """Colours along the middle of the upper edge."""
        image = push.grab().toImage()
        return {image.pixelColor(x, 0).name() for x in range(12, image.width() - 12)}

    try:
        look().set_choice("high-contrast")
        assert edge_inks() == {look().tokens.edge.name()}
        push.setEnabled(False)
        inks = edge_inks()
        assert len(inks) > 1, "dashes and what lies between them"
        assert look().tokens.edge.name() not in inks
    finally:
        look().set_choice("dark")


def test_palette_runs_and_gives_the_focus_back(window: QWidget, qtbot: QtBot) -> None:
    button = PushButton("Here", window)
    button.show()
    button.setFocus()
    palette = CommandPalette(window)
    ran: list[str] = []
    palette.run_asked.connect(ran.append)
    palette.open_with(COMMANDS)
    qtbot.keyClicks(palette.field, "save")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == ["save"]
    assert not palette.isVisible()
    palette.open_with(COMMANDS)
    qtbot.keyClicks(palette.field, "keep")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert ran == ["save"]
    assert palette.isVisible()
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_the_focus_waits_for_a_button_that_its_click_disables(window: QWidget) -> None:
    first, second = PushButton("Explore", window), PushButton("Keep", window)
    second.move(200, 0)
    for button in (first, second):
        button.show()
    window.activateWindow()
    first.clicked.connect(lambda: first.setEnabled(False))
    first.setFocus()
    first.click()
    assert window.focusWidget() is None, "not the neighbour"
    first.setEnabled(True)
    assert window.focusWidget() is first
    first.click()
    second.setFocus()
    first.setEnabled(True)
    assert window.focusWidget() is second, "the artist has gone on"
    second.hide()
    assert window.focusWidget() is None


def test_escape_closes_the_palette_where_escape_is_a_shortcut_of_the_window(
    window: QWidget, qtbot: QtBot
) -> None:
    stepped: list[int] = []
    step = QAction("One step out", window)
    step.setShortcut(QKeySequence("Esc"))
    step.triggered.connect(lambda: stepped.append(1))
    window.addAction(step)
    palette = CommandPalette(window)
    palette.open_with(COMMANDS)
    window.activateWindow()
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()
    assert stepped == []
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert stepped == [1], "the shortcut works"


def test_slide_over(window: QWidget, qtbot: QtBot) -> None:
    base = QWidget()
    column = SlideOver(base, window)
    column.resize(340, 400)
    column.show()
    look().set_motion(False)
    column.open_page("models", "Models", QWidget())
    look().set_motion(None)
    assert column.page == "models"
    page = column.findChild(QWidget, "models")
    assert page is not None
    assert page.geometry() == column.rect()
    closed: list[str] = []
    column.closed.connect(closed.append)
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert (column.page, closed) == ("", ["models"])


def test_popover_closes_with_escape(window: QWidget, qtbot: QtBot) -> None:
    popover = Popover("Why this order", window)
    popover.open_at(QPoint(690, 60))
    assert popover.isVisible()
    assert window.rect().contains(popover.geometry())
    qtbot.keyClick(popover, Qt.Key.Key_Escape)
    assert not popover.isVisible()


def test_a_popover_higher_than_the_window_is_scrolled(window: QWidget) -> None:
    popover = Popover("Why this order", window)
    rows = [QWidget(popover) for _ in range(3)]
    for row in rows:
        row.setFixedHeight(window.height() // 2)
        popover.body.addWidget(row)
    popover.open_at(QPoint(690, 60))
    assert window.rect().contains(popover.geometry())
    area = popover.findChild(QScrollArea)
    assert area is not None
    bar = area.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(bar.maximum())
    foot = rows[-1].mapTo(window, rows[-1].rect().bottomLeft())
    assert popover.geometry().contains(foot), "its end can be reached"


def test_a_popover_is_as_high_as_what_it_holds(window: QWidget) -> None:
    popover = Popover("Why this order", window)
    row = QWidget(popover)
    row.setFixedHeight(80)
    popover.body.addWidget(row)
    popover.open_at(QPoint(690, 60))
    area = popover.findChild(QScrollArea)
    assert area is not None
    assert (area.viewport().height(), area.verticalScrollBar().maximum()) == (80, 0)


def test_word_slider(qtbot: QtBot) -> None:
    slider = WordSlider("Beauty", ("none", "a little", "some"), 1)
    qtbot.addWidget(slider)
    heard: list[int] = []
    slider.changed.connect(heard.append)
    slider.slider.setValue(2)
    assert heard == [2]
    assert slider.slider.accessibleName() == "Beauty: some"


def test_empty_states_emit(qtbot: QtBot) -> None:
    panel, drop = NothingTried(), DropFrame()
    for widget in (panel, drop):
        qtbot.addWidget(widget)
        widget.resize(500, 600)
        widget.show()
    heard: list[str] = []
    card = InfoCard("Ready", "They know scenes.", (("add", "Add a model"),))
    panel.sample_asked.connect(heard.append)
    card.clicked.connect(heard.append)
    drop.words_asked.connect(lambda: heard.append("words"))
    panel.set_samples([PictureTile("house", "Little red house")])
    panel.set_card(card)
    for holder, name in ((panel, "tile-house"), (panel, "info-add"), (drop, "empty-words")):
        qtbot.mouseClick(holder.findChild(QWidget, name), Qt.MouseButton.LeftButton)
    assert heard == ["house", "add", "words"]


def test_how_it_goes_is_not_explained_to_who_has_kept_ideas(qtbot: QtBot) -> None:
    panel = NothingTried()
    qtbot.addWidget(panel)
    panel.set_samples([PictureTile("house", "Little red house")])
    panel.set_begun(True)
    panel.show()
    assert panel.findChildren(QuietLabel)[0].text == "Nothing tried from this idea yet"
    assert [step.isVisible() for step in panel.findChildren(GuideStep)] == [True, False, False]
    tile = panel.findChild(QWidget, "tile-house")
    assert isinstance(tile, QWidget)
    assert not tile.isVisible()
    panel.set_begun(False)
    assert tile.isVisible()


def test_a_number_at_the_end_stays_beside_its_word(qtbot: QtBot) -> None:
    room = text_width("Lighter shadows than result", 13, REGULAR) + 2
    assert wrap_text("Lighter shadows than result 2", 13, REGULAR, room, 2) == [
        "Lighter shadows than",
        "result 2",
    ]
    assert wrap_text("2", 13, REGULAR, room, 2) == ["2"]
