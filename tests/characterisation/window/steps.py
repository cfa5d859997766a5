"""What a step of a session does: keys, mouse, menus, files, time, and what the engine says.

A step is a tuple of a word and its values, see `Steps`; sessions are lists of such tuples.
"""

from __future__ import annotations

import contextlib
from typing import Any

import psutil
from PySide6.QtCore import QEvent, QKeyCombination, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from tests.characterisation.window.driver import Driver, app
from tests.characterisation.window.engines import RealDesk
from tests.characterisation.window.seeing import rows_of, words_of

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.MouseButton.NoButton
MODIFIERS = {
    "": Qt.KeyboardModifier.NoModifier,
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}
Step = tuple[Any, ...]
UNSETTLED = ("start", "stop engine")
"""After these the engine is in the middle of something."""


def sentence(step: Step) -> str:
    """A step as it stands in the log."""
    word, *values = step
    return " ".join([word, *(repr(v) if isinstance(v, str) else str(v) for v in values)])


class Steps:
    """Carries out the steps of one session."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._window = driver.window
        self._stopped = psutil.Process()

    def do(self, step: Step) -> None:
        """One step, and whatever follows from it until nothing moves."""
        word, *values = step
        getattr(self, "do_" + word.replace(" ", "_"))(*values)
        if word not in UNSETTLED:
            self._driver.settle()

    # --- finding --------------------------------------------------------------------------------

    def _find(self, name: str) -> QWidget:
        """A widget on the screen, by its object name or by what it is called."""
        shown = [w for w in self._window.findChildren(QWidget) if w.isVisible()]
        for widget in shown:
            if widget.objectName() == name:
                return widget
        for widget in shown:
            texts = (widget.accessibleName(), _text(widget))
            if name in texts:
                return widget
        known = sorted({w.objectName() or words_of(w) for w in shown} - {""})
        raise AssertionError(f"no “{name}” on the screen among {known}")

    def _list(self, name: str) -> QAbstractItemView:
        found = self._find(name)
        assert isinstance(found, QAbstractItemView)
        return found

    def _row_at(self, view: QAbstractItemView, row: int | str) -> QPoint:
        model = view.model()
        if isinstance(row, str):
            row = next(n for n, text in enumerate(rows_of(model)) if row in text)
        index = model.index(row, 0)
        view.scrollTo(index)
        rect = view.visualRect(index)
        assert not rect.isEmpty(), f"row {row} of {view.objectName()} is not there"
        return rect.center()

    # --- keys -----------------------------------------------------------------------------------

    def do_key(self, *keys: str) -> None:
        """Keys as menus write them: "Ctrl+Z", "Return", "2"."""
        for key in keys:
            pressed = _pressed(key)
            target = QApplication.activePopupWidget() or app().focusWidget() or self._window
            QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())

    def do_press(self, key: str) -> None:
        """Hold a key down."""
        QTest.keyPress(app().focusWidget() or self._window, _pressed(key).key())

    def do_release(self, key: str) -> None:
        """Let go of it."""
        QTest.keyRelease(app().focusWidget() or self._window, _pressed(key).key())

    def do_type(self, text: str) -> None:
        """Letters, wherever the focus is."""
        target = app().focusWidget()
        assert target is not None
        QTest.keyClicks(target, text)

    def do_words(self, text: str) -> None:
        """Into the prompt box, whatever stood there."""
        self.do_key("Ctrl+L", "Ctrl+A")
        self.do_type(text)

    def do_say(self, text: str) -> None:
        """The same and Enter."""
        self.do_words(text)
        self.do_key("Return")

    # --- mouse ----------------------------------------------------------------------------------

    def do_click(self, name: str, modifier: str = "") -> None:
        """On a button or anything else with a name."""
        widget = self._find(name)
        QTest.mouseClick(widget, LEFT, MODIFIERS[modifier], widget.rect().center())

    def do_menu_of(self, name: str, row: int | str | None = None) -> None:
        """Right click."""
        widget = self._find(name)
        at = widget.rect().center()
        if row is not None:
            view = self._list(name)
            at, widget = self._row_at(view, row), view.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at))
        QApplication.sendEvent(widget, event)

    def do_pick(self, text: str) -> None:
        """A row of the menu that is open."""
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu), "no menu is open"
        found = next(a for a in menu.actions() if text in a.text().replace("&", ""))
        QTest.mouseClick(menu, LEFT, MODIFIERS[""], menu.actionGeometry(found).center())

    def do_leave_menu(self) -> None:
        """Esc in a menu."""
        self.do_key("Esc")

    def do_row(self, name: str, row: int | str) -> None:
        """Click on a row of a list."""
        view = self._list(name)
        QTest.mouseClick(view.viewport(), LEFT, MODIFIERS[""], self._row_at(view, row))

    def do_double(self, name: str, row: int | str) -> None:
        """Double click on a row of a list."""
        view = self._list(name)
        QTest.mouseDClick(view.viewport(), LEFT, MODIFIERS[""], self._row_at(view, row))

    def do_hover(self, name: str, row: int | str) -> None:
        """The pointer rests on a row."""
        view = self._list(name)
        _move(view.viewport(), QPointF(self._row_at(view, row)), NONE)

    def do_leave(self, name: str) -> None:
        """The pointer leaves a list."""
        QApplication.sendEvent(self._list(name), QEvent(QEvent.Type.Leave))

    def do_tab(self, number: int) -> None:
        """A tab of the side column."""
        tabs = self._find("side-tabs")
        assert isinstance(tabs, QTabBar)
        tabs.setCurrentIndex(number)

    def do_draw(self, points: list[tuple[float, float]], modifier: str = "") -> None:
        """Press at the first point of the picture, move through the others, let go."""
        self.do_draw_on(points, modifier)
        QTest.mouseRelease(
            self._driver.canvas, LEFT, MODIFIERS[modifier], self._spot(points[-1]).toPoint()
        )

    def do_draw_on(self, points: list[tuple[float, float]], modifier: str = "") -> None:
        """The same without letting go."""
        canvas = self._driver.canvas
        keys = MODIFIERS[modifier]
        QTest.mousePress(canvas, LEFT, keys, self._spot(points[0]).toPoint())
        for point in points[1:]:
            _move(canvas, self._spot(point), LEFT, keys)

    def _spot(self, point: tuple[float, float]) -> QPointF:
        return self._driver.place(*point)

    def do_click_at(self, x: float, y: float) -> None:
        """Click on the canvas, in shares of its size."""
        canvas = self._driver.canvas
        at = QPoint(round(x * canvas.width()), round(y * canvas.height()))
        QTest.mouseClick(canvas, LEFT, MODIFIERS[""], at)

    def do_wheel(self, notches: int, modifier: str = "") -> None:
        """Over the middle of the canvas."""
        canvas = self._driver.canvas
        at = QPointF(canvas.rect().center())
        event = QWheelEvent(
            at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), NONE,
            MODIFIERS[modifier], Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(canvas, event)

    def do_slide(self, name: str, value: int) -> None:
        """Move a slider."""
        slider = self._find(name)
        if not isinstance(slider, QAbstractSlider):
            slider = slider.findChildren(QAbstractSlider)[0]
        slider.setValue(value)

    def do_choice(self, name: str, text: str) -> None:
        """Another entry of a choice on a page."""
        box = self._find(name)
        assert isinstance(box, QComboBox)
        box.setCurrentText(text)

    def do_fill(self, name: str, text: str) -> None:
        """Other text into a field."""
        field = self._find(name)
        assert isinstance(field, QLineEdit | QPlainTextEdit)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)

    # --- the window -----------------------------------------------------------------------------

    def do_action(self, name: str) -> None:
        """An entry of a menu, by its name; only one that can be chosen."""
        found = [a for a in self._window.actions() if a.objectName() == f"action-{name}"]
        assert found, f"no action {name}"
        found[0].trigger()

    def do_size(self, width: int, height: int) -> None:
        """Another size of the window."""
        self._window.resize(width, height)

    def do_wait(self, seconds: float) -> None:
        """So much time passes."""
        self._driver.let_pass(seconds)

    def do_close_window(self) -> None:
        """As the cross in its corner does."""
        self._window.close()

    def do_begin(self) -> None:
        """Nothing: what stands there at first."""

    # --- files ----------------------------------------------------------------------------------

    def do_open(self, name: str) -> None:
        """A file, as the command line gives it."""
        self._driver.open(name)

    def do_choose(self, *names: str) -> None:
        """What the next file choosers will answer."""
        self._driver.answers += names

    def do_drop(self, *names: str) -> None:
        """Files dropped on the window."""
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._driver.folder / name)) for name in names])
        at, way = QPoint(300, 300), Qt.DropAction.CopyAction
        enter = QDragEnterEvent(at, way, data, LEFT, MODIFIERS[""])
        QApplication.sendEvent(self._window, enter)
        assert enter.isAccepted()
        drop = QDropEvent(QPointF(at), way, data, LEFT, MODIFIERS[""])
        QApplication.sendEvent(self._window, drop)

    def do_copied(self, what: str) -> None:
        """Another program put something into the clipboard: a picture, or words."""
        if what == "picture":
            image = QImage(120, 90, QImage.Format.Format_RGB32)
            image.fill(0xFF806040)
            QGuiApplication.clipboard().setImage(image)
        else:
            QGuiApplication.clipboard().setText(what)

    def do_elsewhere(self, name: str) -> None:
        """Another program opens this document."""
        self._driver.hold(name)

    def do_disk(self, state: str) -> None:
        """The disk is full, or has room again."""
        {"full": self._driver.fill_disk, "room": self._driver.free_disk}[state]()

    def do_until(self, fact: str, value: Any) -> None:
        """Wait until the probe says so; text is looked for in the fact."""

        def holds(facts: dict[str, Any]) -> bool:
            found = facts[fact]
            return value in found if isinstance(found, str) and value else bool(found == value)

        self._driver.until(holds)

    # --- the engine -----------------------------------------------------------------------------

    def do_engine(self, word: str, *values: str) -> None:
        """hold, go, go_to KIND, ready, stop, give_up, fail KIND MESSAGE FIX DETAILS."""
        getattr(self._driver.engine, word)(*values)

    @property
    def _real(self) -> RealDesk:
        engine = self._driver.engine
        assert isinstance(engine, RealDesk)
        return engine

    def do_stop_engine(self) -> None:
        """The real child is stopped in its tracks, so that what is asked now surely waits."""
        self._stopped = psutil.Process(self._real.pid)
        self._stopped.suspend()

    def do_start(self, text: str) -> None:
        """Words and Enter with such a child: until it has the job."""
        self.do_say(text)
        self._driver.until(lambda facts: facts["stage"] == "preparing" and self._real.is_at_child)

    def do_resume_engine(self) -> None:
        """It goes on, if it still lives."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._stopped.resume()

    def do_kill_engine(self) -> None:
        """It is killed at once."""
        self._stopped.kill()


def _pressed(key: str) -> QKeyCombination:
    found: QKeyCombination = QKeySequence(key)[0]  # type: ignore[index]  # the stubs lack it
    return found


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def _move(widget: QWidget, at: QPointF, button: Qt.MouseButton, keys: Any = MODIFIERS[""]) -> None:
    event = QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), button, button, keys)
    QApplication.sendEvent(widget, event)
