from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.panels.pages.export_rows import name_label, named_row, segments
from app.theme.theme import look
from app.widgets.basics.labels import WHOLE, QuietLabel


class ExportSize(QWidget):
    """How large the picture is written: as it is, by its long side, or by a scale in percent.

    Signals:
        chosen(object): pixels of the long side, None for the picture's own size.
    """

    chosen = Signal(object)

    def __init__(self, picture: tuple[int, int], parent: QWidget) -> None:
        """Args: `picture` is its width and height in pixels."""
        super().__init__(parent)
        self._picture = picture
        self._side: int | None = None
        self.figure = QuietLabel("", self, size=13, least=WHOLE)
        names = {"original": tr("Original"), "long": tr("Long side"), "scale": tr("Scale")}
        self.kind = segments("size", tr("Size"), names, self)
        self.amount = QLineEdit(self)
        self.amount.setObjectName("export-amount")
        self.amount.setFixedWidth(look().px(72))
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._range = QIntValidator(self.amount)
        self.amount.setValidator(self._range)
        self.unit = QuietLabel("", self, size=13, least=WHOLE)
        line = QHBoxLayout()
        line.addWidget(self.amount)
        line.addWidget(self.unit)
        line.addStretch(1)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        rows.addLayout(named_row(name_label(tr("Size"), self), self.figure))
        rows.addWidget(self.kind)
        rows.addLayout(line)
        self.kind.chosen.connect(self._choose_kind)
        self.amount.editingFinished.connect(self._take_amount)

    def set_picture(self, picture: tuple[int, int]) -> None:
        """Another picture will be written."""
        self._picture = picture
        self.show_side(self._side)

    def show_side(self, side: int | None) -> None:
        """Show a long side in pixels, None for the picture's own; `chosen` is not emitted."""
        from editor.formats.adapted import adapted_size

        self._side = side
        longest = max(self._picture)
        width, height = adapted_size(self._picture, side)
        self.figure.set_text(f"{width} × {height}")
        if side is None:
            self.kind.set_current("original")
        elif self.kind.current == "original":
            self.kind.set_current("long")
        for widget in (self.amount, self.unit):
            widget.setVisible(side is not None)
        shown = min(side or longest, longest)
        scales = self.kind.current == "scale"
        self._range.setRange(1, 100 if scales else longest)
        self.amount.setText(str(round(100 * shown / longest) if scales else shown))
        self.unit.set_text("%" if scales else tr("px, at most {0}").format(longest))
        name = tr("Scale in percent") if scales else tr("Long side in pixels")
        self.amount.setAccessibleName(name)

    def _choose_kind(self, kind: str) -> None:
        """The segment is the chosen one already."""
        if kind == "original":
            self.chosen.emit(None)
            return
        side = self._side or max(self._picture)
        self.show_side(side)  # in its other unit
        self.chosen.emit(side)
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
        self.amount.selectAll()

    def _take_amount(self) -> None:
        """Of whole numbers the validator lets through those within the range, "2,400" as well."""
        if self._side is None:
            return  # the field was hidden while it had the focus
        value, _ = self._range.locale().toInt(self.amount.text())
        longest = max(self._picture)
        if self.kind.current == "scale":
            value = max(1, round(longest * value / 100))
        self.chosen.emit(value)
