from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.window.regions import Regions


class HiddenFocus(QObject):
    """Moves the focus to a sensible neighbour when the control that has it is hidden.

    Qt gives it to the next control in the order of Tab, which may be in another part of the window
    and then takes the next Enter. From the parts of the prompt it goes to the prompt box, from
    everywhere else to the canvas; where it is in one of these already, it stays.
    """

    def __init__(self, window: QWidget, regions: Regions) -> None:
        super().__init__(window)
        self._window = window
        self._regions = regions
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    def _focus_changed(self, old: QWidget | None, new: QWidget | None) -> None:
        # At the end of the program Qt says this too, of controls that are being destroyed.
        alive = all(map(isValid, (self, self._window, old)))
        if old is None or not alive or not self._window.isAncestorOf(old):
            return
        parts = self._regions
        prompt = parts.prompt.box.edit
        stops: list[QWidget] = [parts.stage.canvas, parts.map.ideas]
        stops.insert(0 if parts.prompt.isAncestorOf(old) else len(stops), prompt)

        def check() -> None:
            """Whoever hid the control may have given the focus to another one meanwhile."""
            now = self._window.focusWidget()
            hidden = not isValid(old) or not old.isVisible()
            if not hidden or now not in (None, new) or now in stops:
                return
            stop = next((one for one in stops if one.isVisible()), None)
            if stop is not None:
                stop.setFocus(Qt.FocusReason.OtherFocusReason)

        QTimer.singleShot(0, self, check)
