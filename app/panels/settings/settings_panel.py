from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from app.i18n.texts import N_, tr
from app.panels.settings.form import Form
from app.panels.settings.models_section import ModelsSection
from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.labels import WHOLE, QuietLabel
from app.widgets.settings.section_list import Section, SectionList

SECTIONS: Final = (
    ("general", N_("General"), "sliders-horizontal"),
    ("appearance", N_("Appearance"), "contrast"),
    ("performance", N_("Performance"), "cpu"),
    ("models", N_("Models"), "package"),
    ("shortcuts", N_("Shortcuts"), "keyboard"),
    ("words", N_("Things you can say"), "message-square-text"),
    ("privacy", N_("Privacy"), "shield-check"),
)
"""Id, title and icon, in their order."""
NARROW: Final = 900
"""Logical width below which the sections are a row of tabs."""
FORM_WIDTH: Final = 560
WIDE: Final = frozenset({"models"})
"""Sections that use the whole room."""

MakeSection = Callable[[], QWidget]


class SettingsPanel(QWidget):
    """The settings as a room: sections at the left, the chosen one in the middle.

    A section is made when it is first chosen, so that a start without settings costs nothing.

    Signals:
        left(): back to where one came from.
    """

    left = Signal()

    def __init__(
        self, make_sections: dict[str, MakeSection], parent: QWidget | None = None
    ) -> None:
        """Args: `make_sections` has a function for each id of `SECTIONS`."""
        super().__init__(parent)
        self.setObjectName("settings")
        self.setAccessibleName(tr("Settings"))
        self._make = make_sections
        self._made: dict[str, QWidget] = {}
        self.list = SectionList([Section(i, tr(title), icon) for i, title, icon in SECTIONS], self)
        self.title = QuietLabel("", self, size=24, weight=SEMIBOLD, token="text", least=WHOLE)
        self._body = QWidget(self)
        self._rows = QVBoxLayout(self._body)
        self._rows.setContentsMargins(40, 26, 40, 24)
        self._rows.setSpacing(14)
        self._rows.addWidget(self.title)
        self._scroll = QScrollArea(self)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._body)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(0)
        self._line.addWidget(self.list)
        self._line.addWidget(self._scroll, 1)
        self.list.chosen.connect(self.show_section)
        self.list.left.connect(self.left)
        look().changed.connect(self._limit_widths)

    @property
    def section(self) -> str:
        """Id of the section shown."""
        return self.list.current

    def show_section(self, section: str) -> None:
        """Show a section with what is so now."""
        self.list.set_current(section)
        self.title.set_text(next(tr(title) for i, title, _ in SECTIONS if i == section))
        for one in self._made.values():
            one.hide()
        shown = self._made.get(section)
        if shown is None:
            shown = self._made[section] = self._make[section]()
            self._rows.addWidget(shown, 1)
            self._limit_widths()
        elif isinstance(shown, Form | ModelsSection):
            shown.follow()
        shown.show()
        self._scroll.verticalScrollBar().setValue(0)

    def _limit_widths(self) -> None:
        """Lines of a form stay short enough to be read, at any text size."""
        for section, widget in self._made.items():
            if section not in WIDE:
                widget.setMaximumWidth(look().px(FORM_WIDTH))

    def forget(self, section: str) -> None:
        """Make a section anew when it is next shown: what it shows has changed."""
        old = self._made.pop(section, None)
        if old is not None:
            self._rows.removeWidget(old)
            old.hide()
            old.deleteLater()

    def focus_section(self) -> None:
        """The chosen section takes the focus; arrows go to the others."""
        self.list.buttons[self.section].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_back(self, place: str) -> None:
        """Say where the way back leads."""
        self.list.back.set_title(tr("Back to {0}"), place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Sections as tabs where there is no room beside the form."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        directions = QBoxLayout.Direction
        self._line.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self.list.set_tabs(narrow)
