"""The guidance pad on the page of a method: dragged, stepped by keys, in step with the sliders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.panels.pages.method_page import MethodPage
from app.panels.pages.pad_section import PadSection
from app.session.guidance_pad import FOLLOW, KEEP
from app.theme.theme import look
from app.widgets.prompt.guidance_pad_view import GuidancePadView
from tests.app.session.test_guidance_pad import METHOD, PadFixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

KEY = Qt.Key


class SectionFixture(PadFixture):
    """The page of the method with its pad."""

    def __init__(self, tmp_path: Path, app: QApplication) -> None:
        super().__init__(tmp_path, app)
        self.page = MethodPage(self.session.method_settings, METHOD, self.make_pad)
        self.page.resize(348, 700)
        self.page.show()
        section = self.page.findChild(PadSection)
        assert isinstance(section, PadSection)
        self.view = section.view

    def make_pad(self, method: str, parent: QWidget) -> PadSection:
        return PadSection(self.pad, self.session.method_settings, method, 1.0, parent)

    @property
    def set_now(self) -> tuple[float, float]:
        """Follow and keep as they are set for the method."""
        stored = dict(self.session.method_settings.options(METHOD).settings)
        return stored.get(FOLLOW, 7.5), stored.get(KEEP, 1.5)


def grab(view: GuidancePadView, cell: tuple[int, int]) -> Counter[int]:
    """Colours of a cell and how often each is there, beside the cross-hair."""
    rect = view.cell_rect(*cell).toRect().adjusted(2, 2, -2, -2)
    picture = view.grab(rect).toImage()
    wide, high = picture.width(), picture.height() // 3
    return Counter(picture.pixel(x, y) for x in range(wide * 2 // 3, wide) for y in range(high))


@pytest.fixture
def f(tmp_path: Path, qapp: QApplication) -> Iterator[SectionFixture]:
    fixture = SectionFixture(tmp_path, qapp)
    yield fixture
    fixture.page.close()
    fixture.page.deleteLater()
    fixture.session.close()
    fixture.work.close()


def test_it_is_dragged_like_a_colour_picker(f: SectionFixture) -> None:
    view = f.view
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=view.at(2, 2).toPoint())
    assert f.set_now == (7.5, 1.5)
    to = view.at(4, 3)
    move = QMouseEvent(
        QEvent.Type.MouseMove, to, view.mapToGlobal(to), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(view, move)
    assert f.asked == (10.0, 2.0)
    assert f.set_now == (7.5, 1.5)  # until it is let go
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=to.toPoint())
    assert f.set_now == pytest.approx((10.0, 2.0), abs=0.05)


def test_keys_move_by_a_cell_or_a_little_and_home_is_the_default(f: SectionFixture) -> None:
    QTest.keyClick(f.view, KEY.Key_Up)
    QTest.keyClick(f.view, KEY.Key_Left)
    assert f.set_now == (10.0, 1.25)
    QTest.keyClick(f.view, KEY.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert f.set_now == pytest.approx((10.1, 1.25))
    QTest.keyClick(f.view, KEY.Key_Home)
    assert f.set_now == (7.5, 1.5)
    for _ in range(6):
        QTest.keyClick(f.view, KEY.Key_Down)
    assert f.set_now[0] == 2.5


def test_the_sliders_move_the_ring(f: SectionFixture) -> None:
    f.session.method_settings.set(METHOD, KEEP, 2.0)
    assert f.pad.point == (4.0, 2.0)
    assert f.view.accessibleDescription() == "Follow 7.5, keep 2.00, not ready yet"


def test_small_steps_end_where_the_setting_ends(f: SectionFixture) -> None:
    f.session.method_settings.set(METHOD, KEEP, 5.0)
    QTest.keyClick(f.view, KEY.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert f.set_now == (7.5, 5.0)


def test_cells_below_the_bar_are_hatched_and_say_why(f: SectionFixture) -> None:
    f.make(direction=0.05, image=0.95, target=0.8, source=0.8)
    f.make(direction=0.4, image=0.9, target=0.8, source=0.8)
    assert f.view.accessibleDescription() == "Follow 7.5, keep 1.50, Too little changed"
    hatched, sound = grab(f.view, (2, 2)), grab(f.view, (1, 2))
    assert len(sound) == 1  # the fixture's previews are of one colour
    assert len(hatched) > 10


def test_what_is_not_ready_is_a_blend_of_what_is(f: SectionFixture) -> None:
    field = grab(f.view, (0, 4)).most_common(1)[0][0]
    f.make()
    (blend, _), (dot, _) = grab(f.view, (0, 4)).most_common(2)
    assert blend != field
    assert dot == look().tokens.text3.rgb()
    shown = [QColor.fromRgb(value).red() for value in (field, blend)]
    assert shown[1] == pytest.approx(shown[0] + 0.3 * (90 - shown[0]), abs=2)


def test_enter_runs(f: SectionFixture) -> None:
    heard: list[bool] = []
    f.page.run_asked.connect(lambda: heard.append(True))
    QTest.keyClick(f.view, KEY.Key_Return)
    assert heard == [True]


def test_it_makes_previews_only_while_it_is_seen(f: SectionFixture) -> None:
    f.make()
    assert f.pad.ready == 1
    f.page.hide()
    assert not f.pad.is_open
    assert f.session.view.live is None
    f.page.show()
    assert f.pad.is_open
