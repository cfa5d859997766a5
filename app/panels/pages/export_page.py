from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.i18n.texts import tr
from app.panels.pages import export_choice
from app.panels.pages.export_choice import DEEP, LOSSY, SUFFIXES, ExportChoice
from app.theme.theme import MEDIUM, SEMIBOLD, look
from app.widgets.basics.buttons import LinkButton, PushButton, Switch
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.basics.segments import Segment, ViewSwitch

_FORMATS: Final = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP", "tiff": "TIFF"}
_WHOLE: Final = 1000
"""A name is never cut: what stands beside it gives way."""


class ExportPage(QWidget):
    """Everything about the file that is written, each with its name; live size; Export.

    Signals:
        changed(): the file would be another one now.
        export_asked(), elsewhere_asked(): Export, and another name and folder.
    """

    changed = Signal()
    export_asked = Signal()
    elsewhere_asked = Signal()

    def __init__(
        self,
        choice: ExportChoice,
        size: tuple[int, int],
        *,
        profile: str,
        deep: bool,
        has_place: bool,
        own_format: str,
        target: Path,
    ) -> None:
        """Show a choice.

        Args:
            choice: to begin with.
            size: of the picture in pixels.
            profile: name of its colour profile, "" for sRGB.
            deep: it has 16 bit.
            has_place: its metadata say where it was taken.
            own_format: of the file it came from.
            target: file to write, whose ending follows the format.
        """
        super().__init__()
        self._choice, self._size, self._own = choice, size, own_format
        self._deep, self._profile = deep, profile
        self.target = target
        inside = QWidget(self)
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(16, 12, 16, 12)
        self._rows.setSpacing(8)
        self._add_format()
        self._add_size()
        self._add_colours()
        self._add_include(has_place)
        self._add_name()
        self._rows.addStretch(1)
        area = QScrollArea(self)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addWidget(self._foot())
        self.setFocusProxy(self.go)
        self.show_choice(choice)

    # --- rows -----------------------------------------------------------------------------------

    def _add_format(self) -> None:
        self.preset = ChoiceButton(tr("Preset"), parent=self)
        self.preset.setObjectName("export-preset")
        self._rows.addLayout(self._line(tr("Preset"), self.preset))
        self.format = self._segments("format", tr("Format"), _FORMATS)
        self.sentence = Sentence("", self)
        self._rows.addWidget(self._name_of(tr("Format")))
        self._rows.addWidget(self.format)
        self._rows.addWidget(self.sentence)
        self.quality = QSlider(Qt.Orientation.Horizontal, self)
        self.quality.setObjectName("export-quality")
        self.quality.setAccessibleName(tr("Quality"))
        self.quality.setRange(40, 100)
        self.quality_figure = QuietLabel("", self, size=13, least=_WHOLE)
        self._quality_name = self._name_of(tr("Quality"))
        self._rows.addLayout(self._line(self._quality_name, self.quality_figure))
        self._rows.addWidget(self.quality)
        self.preset.chosen.connect(self._take_preset)
        self.format.chosen.connect(lambda name: self._take(format=name))
        self.quality.valueChanged.connect(lambda value: self._take(quality=value))

    def _add_size(self) -> None:
        self._rows.addSpacing(4)
        self.size_figure = QuietLabel("", self, size=13, least=_WHOLE)
        self._rows.addLayout(self._line(tr("Size"), self.size_figure))
        names = {"original": tr("Original"), "long": tr("Long side"), "scale": tr("Scale")}
        self.size_kind = self._segments("size", tr("Size"), names)
        self._rows.addWidget(self.size_kind)
        self.amount = QLineEdit(self)
        self.amount.setObjectName("export-amount")
        self.amount.setFixedWidth(look().px(72))
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.unit = QuietLabel("", self, size=13, least=_WHOLE)
        line = QHBoxLayout()
        line.addWidget(self.amount)
        line.addWidget(self.unit)
        line.addStretch(1)
        self._rows.addLayout(line)
        self.size_kind.chosen.connect(self._take_size_kind)
        self.amount.editingFinished.connect(self._take_amount)
        self.bit_depth = self._segments(
            "depth", tr("Depth"), {"own": tr("16 bit"), "8": tr("8 bit")}
        )
        self._depth_name = self._name_of(tr("Depth"))
        self._rows.addWidget(self._depth_name)
        self._rows.addWidget(self.bit_depth)
        self.bit_depth.chosen.connect(lambda name: self._take(eight_bit=name == "8"))

    def _add_colours(self) -> None:
        self.colours = ChoiceButton(tr("Colours"), parent=self)
        self.colours.setObjectName("export-colours")
        own = tr("Keep {0}").format(self._profile) if self._profile else tr("sRGB, for the web")
        choices = [Choice("own", own)]
        if self._profile:
            choices.append(Choice("srgb", tr("Convert to sRGB, for the web")))
        self.colours.set_choices(choices)
        self._rows.addLayout(self._line(tr("Colours"), self.colours))
        self.colours.chosen.connect(lambda name: self._take(srgb=name == "srgb"))

    def _add_include(self, has_place: bool) -> None:
        self._rows.addSpacing(4)
        self._rows.addWidget(QuietLabel(tr("Include"), self, size=12))
        self.camera = self._switch("camera", tr("Camera and date"))
        left_out = tr("GPS is left out") if has_place else tr("This picture names no place")
        self.place_note = Sentence(left_out, self, size=12)
        self._has_place = has_place
        self.place = self._switch("place", tr("Place"), self.place_note)
        note = Sentence(tr("Anyone can read them in the file"), self, size=12)
        self.words = self._switch("words", tr("Words and recipe"), note)
        self.camera.toggled.connect(lambda on: self._take(camera=on))
        self.place.toggled.connect(lambda on: self._take(place=on))
        self.words.toggled.connect(lambda on: self._take(words=on))

    def _add_name(self) -> None:
        self._rows.addSpacing(4)
        self._rows.addWidget(self._name_of(tr("Name and folder")))
        self.name = QLineEdit(self)
        self.name.setObjectName("export-name")
        self.name.setAccessibleName(tr("Name of the file"))
        self.folder = Sentence("", self, size=12)
        self.elsewhere = LinkButton(tr("Change"), self)
        self.elsewhere.setObjectName("export-change")
        self.elsewhere.clicked.connect(self.elsewhere_asked)
        self._rows.addWidget(self.name)
        line = QHBoxLayout()
        line.addWidget(self.folder, 1)
        line.addWidget(self.elsewhere)
        self._rows.addLayout(line)
        self.name.textEdited.connect(self._rename)
        self.set_target(self.target)

    def _foot(self) -> QWidget:
        foot = QWidget(self)
        self.file_size = QuietLabel("", foot, size=15, weight=SEMIBOLD, token="text", least=60)
        self.was = QuietLabel("", foot, size=12, least=60)
        self.go = PushButton(tr("Export"), foot, kind="gold", key=tr("Enter"), height=38)
        self.go.setObjectName("page-save")
        self.go.clicked.connect(self.export_asked)
        sizes = QVBoxLayout()
        sizes.setSpacing(0)
        sizes.addWidget(self.file_size)
        sizes.addWidget(self.was)
        line = QHBoxLayout(foot)
        line.setContentsMargins(16, 8, 14, 10)
        line.addLayout(sizes, 1)
        line.addWidget(self.go)
        return foot

    def _name_of(self, text: str) -> QuietLabel:
        return QuietLabel(text, self, size=13, weight=MEDIUM, token="text", least=_WHOLE)

    def _line(self, name: str | QWidget, widget: QWidget) -> QHBoxLayout:
        line = QHBoxLayout()
        line.addWidget(self._name_of(name) if isinstance(name, str) else name)
        line.addStretch(1)
        line.addWidget(widget)
        return line

    def _segments(self, kind: str, name: str, texts: dict[str, str]) -> ViewSwitch:
        segments = [Segment(one, text, "") for one, text in texts.items()]
        switch = ViewSwitch(segments, name, self, prefix=f"export-{kind}")
        switch.set_wide()
        return switch

    def _switch(self, kind: str, name: str, note: Sentence | None = None) -> Switch:
        switch = Switch(name, self)
        switch.setObjectName(f"export-{kind}")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name_of(name))
        if note is not None:
            words.addWidget(note)
        line = QHBoxLayout()
        line.addLayout(words, 1)
        line.addWidget(switch)
        self._rows.addLayout(line)
        return switch

    # --- what is chosen -------------------------------------------------------------------------

    @property
    def choice(self) -> ExportChoice:
        """What is chosen now."""
        return self._choice

    def show_choice(self, choice: ExportChoice) -> None:
        """Show a choice in every control; nothing is said to have changed."""
        self._choice = choice
        lossy, deep = choice.format in LOSSY, self._deep and choice.format in DEEP
        self._show_preset()
        self.format.set_current(choice.format)
        self.sentence.set_text(export_choice.format_sentence(choice.format))
        controls = (self.quality, self.camera, self.place, self.words)
        blockers = [QSignalBlocker(control) for control in controls]
        self.quality.setValue(choice.quality)
        self.camera.setChecked(choice.camera)
        self.place.setChecked(choice.place)
        self.words.setChecked(choice.words)
        del blockers
        self.quality_figure.set_text(export_choice.quality_text(choice.quality))
        for widget in (self.quality, self.quality_figure, self._quality_name):
            widget.setVisible(lossy)
        self.bit_depth.set_current("8" if choice.eight_bit else "own")
        self.bit_depth.setVisible(deep)
        self._depth_name.setVisible(deep)
        self.colours.set_current("srgb" if choice.srgb and self._profile else "own")
        if self._has_place:
            kept = tr("GPS is written into the file") if choice.place else tr("GPS is left out")
            self.place_note.set_text(kept)
        self._show_size()
        self.set_target(self.target.with_suffix(SUFFIXES[choice.format]))

    def _show_preset(self) -> None:
        current = export_choice.preset_of(self._choice, self._own)
        names = {"web": tr("Web"), "print": tr("Print"), "exact": tr("Exact copy")}
        own = [] if current else [Choice("", tr("Own"))]
        self.preset.set_choices([*own, *(Choice(*row) for row in names.items())], current)

    def _show_size(self) -> None:
        from editor.formats.adapted import adapted_size

        longest, side = max(self._size), self._choice.long_side
        width, height = adapted_size(self._size, side)
        self.size_figure.set_text(f"{width} × {height}")
        kind = self.size_kind.current
        if side is None:
            kind = "original"
        elif kind == "original":
            kind = "long"
        self.size_kind.set_current(kind)
        for widget in (self.amount, self.unit):
            widget.setVisible(kind != "original")
        shown = min(side or longest, longest)
        if kind == "scale":
            self.amount.setValidator(QIntValidator(1, 100, self))
            self.amount.setText(str(round(100 * shown / longest)))
            self.unit.set_text("%")
        else:
            self.amount.setValidator(QIntValidator(1, longest, self))
            self.amount.setText(str(shown))
            self.unit.set_text(tr("px, at most {0}").format(longest))
        name = tr("Long side in pixels") if kind == "long" else tr("Scale in percent")
        self.amount.setAccessibleName(name)

    def _take(self, **values: object) -> None:
        self._change(replace(self._choice, **values))  # type: ignore[arg-type]  # fields by name

    def _change(self, choice: ExportChoice) -> None:
        if choice != self._choice:
            self.show_choice(choice)
            self.changed.emit()

    def _take_preset(self, name: str) -> None:
        if name:
            self._change(export_choice.presets(self._own)[name])

    def _take_size_kind(self, kind: str) -> None:
        if kind == "original":
            self._take(long_side=None)
            return
        self.size_kind.set_current(kind)
        side = self._choice.long_side or max(self._size)
        self._choice = replace(self._choice, long_side=side)
        self.show_choice(self._choice)
        self.changed.emit()
        self.amount.setFocus(Qt.FocusReason.OtherFocusReason)
        self.amount.selectAll()

    def _take_amount(self) -> None:
        if not self.amount.text().isdigit():
            self._show_size()
            return
        longest, value = max(self._size), int(self.amount.text())
        if self.size_kind.current == "scale":
            value = round(longest * min(value, 100) / 100)
        self._take(long_side=max(1, min(value, longest)))

    # --- name, size, Export ---------------------------------------------------------------------

    def set_target(self, target: Path) -> None:
        """Where the file goes."""
        self.target = target
        if self.name.text() != target.name:
            self.name.setText(target.name)
        self.folder.set_text(tr("in {0}").format(target.parent.name or str(target.parent)))
        self.folder.setToolTip(str(target.parent))

    def _rename(self, text: str) -> None:
        name = Path(text.strip()).name
        self.go.setEnabled(bool(name))
        if name:
            suffix = SUFFIXES[self._choice.format]
            named = self.target.with_name(name)
            self.target = named if named.suffix.lower() == suffix else Path(f"{named}{suffix}")
        self.ask_to_replace(asked=False)

    def show_file_size(self, size: int | None, was: int | None) -> None:
        """How large the file will be; None while that is measured.

        Args:
            size: in bytes.
            was: of the file the picture came from, None where that is not known.
        """
        text = tr("Measuring") if size is None else export_choice.file_size_text(size)
        self.file_size.set_text(text)
        known = "" if was is None else tr("was {0}").format(export_choice.file_size_text(was))
        self.was.set_text(known)

    def ask_to_replace(self, *, asked: bool) -> None:
        """A file of this name is there already: the next press replaces it."""
        self.go.set_content(tr("Replace") if asked else tr("Export"), tr("Enter"))
        if asked:
            self.folder.set_text(tr("This file is there already"))
        else:
            self.folder.set_text(tr("in {0}").format(self.target.parent.name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what is gold."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.go.isEnabled():
            self._take_amount()
            self.go.click()
        else:
            super().keyPressEvent(event)
