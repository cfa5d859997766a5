"""Rows of a form that is built from `SettingInfo`: name, control, the way back to the default."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSlider, QVBoxLayout, QWidget

from app.i18n.messages import text_of
from app.theme.theme import MEDIUM, look
from app.widgets.basics.buttons import PushButton, ToolButton
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.labels import WHOLE, QuietLabel, Sentence
from app.widgets.basics.switch import Switch
from editor.errors import ExpectedError
from editor.messages import Message
from inference.request.settings import SettingInfo

_FINE, _COARSE = 0.01, 0.1
_FINE_SPAN: Final = 3.0
"""Numbers of at most this range move by hundredths."""


class SettingRow(QWidget):
    """A setting's name and its control; a dot, which is a button, where it is not the default.

    Signals:
        changed(object): the value the artist gave it.
        reset_asked(): back to the default.
    """

    changed = Signal(object)
    reset_asked = Signal()

    def __init__(self, title: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = title
        self.setToolTip(hint)
        self.head = QHBoxLayout()
        self.head.setSpacing(4)
        name = QuietLabel(title, self, size=13, weight=MEDIUM, token="text", least=WHOLE)
        self.head.addWidget(name)
        self.dot = QuietLabel("●", self, size=9, token="accent")
        self.dot.set_clickable(self.tr("Back to the default"))
        self.dot.setAccessibleName(self.tr("{0}: back to the default").format(title))
        self.dot.clicked.connect(self.reset_asked)
        policy = self.dot.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.dot.setSizePolicy(policy)
        self.head.addWidget(self.dot)
        self.head.addStretch(1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        self.column.addLayout(self.head)

    def show_changed(self, changed: bool) -> None:
        """Whether the value differs from the default."""
        self.dot.setVisible(changed)


class NumberRow(SettingRow):
    """A number by slider or by keys."""

    def __init__(self, info: SettingInfo, parent: QWidget | None = None) -> None:
        super().__init__(text_of(info.title), text_of(info.help), parent)
        self._info = info
        whole = info.kind == "integer"
        self._step = 1.0 if whole else _FINE if _span(info) <= _FINE_SPAN else _COARSE
        self._digits = 0 if whole else 2 if self._step == _FINE else 1
        self._value = float(info.default)
        self.field = QLineEdit(self)
        self.field.setAccessibleName(self.title)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.setFixedWidth(look().px(64))
        self.field.editingFinished.connect(self._typed)
        self.head.addWidget(self.field)
        if info.unit:
            self.head.addWidget(QuietLabel(info.unit, self))
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName(self.title)
        self.slider.setRange(0, round(_span(info) / self._step))
        self.slider.valueChanged.connect(self._moved)
        self.slider.sliderReleased.connect(self._commit)
        self.column.addWidget(self.slider)
        self.show_value(info.default)

    def show_value(self, value: Any) -> None:
        """Show a value without saying that it changed."""
        self._value = float(value)
        blocked = self.slider.blockSignals(True)
        self.slider.setValue(round((self._value - self._info.minimum) / self._step))
        self.slider.blockSignals(blocked)
        self._write()

    def _write(self) -> None:
        self.field.setText(QLocale().toString(self._value, "f", self._digits))

    def _moved(self, place: int) -> None:
        self._value = round(self._info.minimum + place * self._step, self._digits)
        self._write()
        if not self.slider.isSliderDown():
            self._commit()

    def _typed(self) -> None:
        value, ok = QLocale().toDouble(self.field.text())
        if ok and round(value, self._digits) == round(self._value, self._digits):
            return
        if ok:
            value = min(max(value, self._info.minimum), self._info.maximum)
            self.show_value(round(value, self._digits))
            self._commit()
        else:
            self._write()

    def _commit(self) -> None:
        whole = self._info.kind == "integer"
        self.changed.emit(round(self._value) if whole else self._value)


class SwitchRow(SettingRow):
    """On or off."""

    def __init__(self, info: SettingInfo, parent: QWidget | None = None) -> None:
        super().__init__(text_of(info.title), text_of(info.help), parent)
        self.switch = Switch(self.title, self)
        self.switch.clicked.connect(lambda: self.changed.emit(self.switch.isChecked()))
        self.head.addWidget(self.switch)

    def show_value(self, value: Any) -> None:
        """Show a value without saying that it changed."""
        self.switch.setChecked(bool(value))


class ChoiceRow(SettingRow):
    """One of several values."""

    def __init__(self, info: SettingInfo, parent: QWidget | None = None) -> None:
        super().__init__(text_of(info.title), text_of(info.help), parent)
        choices = [Choice(one, choice_text(info, one)) for one in info.choices]
        self.choice = ChoiceButton(self.title, choices, self)
        self.choice.chosen.connect(self.changed.emit)
        self.column.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)

    def show_value(self, value: Any) -> None:
        """Show a value without saying that it changed."""
        self.choice.set_current(value)


class TextRow(SettingRow):
    """A setting that is written: words, or values as `--set` takes them."""

    def __init__(self, info: SettingInfo, parent: QWidget | None = None) -> None:
        super().__init__(text_of(info.title), "", parent)
        self._info, self._shown = info, ""
        self.field = QLineEdit(self)
        self.field.setAccessibleName(self.title)
        self.field.setAccessibleDescription(text_of(info.help))
        self.field.editingFinished.connect(self._typed)
        self.fault = Sentence("", self, size=12, token="delete")
        self.fault.hide()
        self.column.addWidget(self.field)
        self.column.addWidget(Sentence(text_of(info.help), self, size=12, token="text3"))
        self.column.addWidget(self.fault)

    def show_value(self, value: Any) -> None:
        """Show a value without saying that it changed."""
        self._shown = _written(value)
        self.field.setText(self._shown)
        self.fault.hide()

    def _typed(self) -> None:
        text = self.field.text().strip()
        if text == self._shown:
            return
        try:
            value = self._info.parse(text)
        except ExpectedError as error:
            parts = [text_of(part) for part in (error.message, error.fix) if part]
            self.fault.set_text(" ".join(parts))
            self.fault.show()
            return
        self.fault.hide()
        self._shown = text
        self.changed.emit(value)


class PicturesRow(SettingRow):
    """Picture files: their names, a button that adds one, or files that are dropped.

    The picture that is edited is the first, so that words may count them.

    Signals:
        file_asked(): a chooser of files; `add` is given what it finds.
    """

    file_asked = Signal()

    def __init__(self, info: SettingInfo, parent: QWidget | None = None) -> None:
        super().__init__(text_of(info.title), "", parent)
        self._most = int(info.maximum)
        self._files: tuple[str, ...] = ()
        self.setAcceptDrops(True)
        self.column.addWidget(Sentence(text_of(info.help), self, size=12, token="text3"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        self.column.addLayout(self._lines)
        self.more = PushButton(self.tr("Add a picture…"), self, icon_name="plus")
        self.more.clicked.connect(lambda *_: self.file_asked.emit())
        self.column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_value(self, value: Any) -> None:
        """Show other files without saying that they changed."""
        files: tuple[str, ...] = tuple(value or ())
        if files != self._files:
            self._files = files
            self._refresh()
        self.more.setVisible(len(files) < self._most)

    def add(self, *files: Path) -> None:
        """More files, as far as there is room."""
        found = tuple(dict.fromkeys((*self._files, *map(str, files))))[: self._most]
        if found != self._files:
            self.changed.emit(found)

    def _refresh(self) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for number, file in enumerate(self._files, 2):
            self._lines.addWidget(self._line(number, file))

    def _line(self, number: int, file: str) -> QWidget:
        line = QWidget(self)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        name = Path(file).name
        label = QuietLabel(self.tr("Picture {0}: {1}").format(number, name), line, size=13)
        label.setToolTip(file)
        row.addWidget(label, 1)
        away = ToolButton(
            "x", self.tr("Take {0} away").format(name), "", line, size=28, icon_size=14
        )
        away.clicked.connect(lambda *_: self._remove(file))
        row.addWidget(away)
        return line

    def _remove(self, file: str) -> None:
        self.changed.emit(tuple(one for one in self._files if one != file) or None)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files of this computer may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the files that were dropped."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        urls = event.mimeData().urls()
        self.add(*(Path(url.toLocalFile()) for url in urls if url.isLocalFile()))


FormRow = NumberRow | SwitchRow | ChoiceRow | TextRow | PicturesRow


def choice_text(info: SettingInfo, one: str) -> str:
    """The artist's name for a value of a choice."""
    return text_of(Message(f"setting.{info.name}.choices.{one}"))


def setting_row(info: SettingInfo, parent: QWidget | None = None) -> FormRow:
    """The row for a setting of any kind."""
    if info.kind == "switch":
        return SwitchRow(info, parent)
    if info.kind == "choice":
        return ChoiceRow(info, parent)
    if info.kind == "pictures":
        return PicturesRow(info, parent)
    return NumberRow(info, parent) if info.kind in {"number", "integer"} else TextRow(info, parent)


def _span(info: SettingInfo) -> float:
    return info.maximum - info.minimum


def _written(value: Any) -> str:
    """A value as `SettingInfo.parse` reads it: pairs with colons, others with commas."""
    if value is None:
        return ""
    if not isinstance(value, Sequence) or isinstance(value, str):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if any(isinstance(one, Sequence) and not isinstance(one, str) for one in value):
        return ",".join(":".join(_written(part) for part in one) for one in value)
    return ",".join(_written(one) for one in value)
