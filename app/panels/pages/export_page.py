from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.i18n.file_sizes import file_size_text
from app.i18n.texts import tr
from app.panels.pages import export_choice
from app.panels.pages.export_choice import DEEP, LOSSY, SUFFIXES, ExportChoice
from app.panels.pages.export_rows import name_label, named_row, segments
from app.panels.pages.export_size import ExportSize
from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.buttons import LinkButton, PushButton
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.labels import WHOLE, QuietLabel, Sentence
from app.widgets.basics.switch import Switch

FORMATS: Final = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP", "tiff": "TIFF", "avif": "AVIF"}
"""What people call them."""
AVIF_WIDTH: Final = 348
"""Logical width of the page from which five formats stand beside each other."""


class ExportPage(QWidget):
    """Everything about the file that is written, each with its name; live size; Export.

    Attributes:
        target: file to write.
        may_replace: the artist knows that there is a file of this name already.

    Signals:
        changed(): the file would be another one now.
        export_asked(), elsewhere_asked(): Export, and another name and folder.
        preview_asked(bool): the canvas is to show the file beside the picture, or no longer; a
            page that is not seen shows nothing.
    """

    changed = Signal()
    export_asked = Signal()
    elsewhere_asked = Signal()
    preview_asked = Signal(bool)

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
        original: str = "",
        metadata: str = "camera",
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
            original: name of the file it came from, which is never proposed; "" for none.
            metadata: what the settings say of it, for the presets.
        """
        super().__init__()
        self._choice, self._own = choice, own_format
        self._deep, self._profile, self._has_place = deep, profile, has_place
        self.target, self._original, self._metadata = target, original, metadata
        self.may_replace = False
        inside = QWidget(self)
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(16, 12, 16, 12)
        self._rows.setSpacing(8)
        self._add_format()
        self._add_size(size)
        self._add_colours()
        self._add_include()
        foot = self._foot()
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
        column.addWidget(foot)
        self.setFocusProxy(self.go)
        self.show_choice(choice)

    # --- rows -----------------------------------------------------------------------------------

    def _add_format(self) -> None:
        self.preset = ChoiceButton(tr("Preset"), parent=self)
        self.preset.setObjectName("export-preset")
        self._rows.addLayout(named_row(name_label(tr("Preset"), self), self.preset))
        self.format = segments("format", tr("Format"), FORMATS, self)
        self.sentence = Sentence("", self)
        self._rows.addWidget(name_label(tr("Format"), self))
        self._rows.addWidget(self.format)
        self._rows.addWidget(self.sentence)
        self.quality = QSlider(Qt.Orientation.Horizontal, self)
        self.quality.setObjectName("export-quality")
        self.quality.setAccessibleName(tr("Quality"))
        self.quality.setRange(40, 100)
        self.quality_figure = QuietLabel("", self, size=13, least=WHOLE)
        self._quality_name = name_label(tr("Quality"), self)
        self._rows.addLayout(named_row(self._quality_name, self.quality_figure))
        self._rows.addWidget(self.quality)
        self.preset.chosen.connect(self._take_preset)
        self.format.chosen.connect(lambda name: self._take(format=name))
        self.quality.valueChanged.connect(lambda value: self._take(quality=value))
        note = Sentence(tr("Picture and file at 100 %"), self, size=12)
        self.preview = self._switch("preview", tr("Show as exported"), note)
        self.preview.toggled.connect(self.preview_asked)

    def _add_size(self, size: tuple[int, int]) -> None:
        self._rows.addSpacing(4)
        self.picture_size = ExportSize(size, self)
        self._rows.addWidget(self.picture_size)
        self.picture_size.chosen.connect(lambda side: self._take(long_side=side))
        depths = {"own": tr("16 bit"), "8": tr("8 bit")}
        self.bit_depth = segments("depth", tr("Depth"), depths, self)
        self._depth_name = name_label(tr("Depth"), self)
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
        self._rows.addLayout(named_row(name_label(tr("Colours"), self), self.colours))
        self.colours.chosen.connect(lambda name: self._take(srgb=name == "srgb"))

    def _add_include(self) -> None:
        self._rows.addSpacing(4)
        self._rows.addWidget(QuietLabel(tr("Include"), self, size=12))
        self.camera = self._switch("camera", tr("Camera and date"))
        self.place_note = Sentence(tr("This picture names no place"), self, size=12)
        self.place = self._switch("place", tr("Place"), self.place_note)
        note = Sentence(tr("Anyone can read them in the file"), self, size=12)
        self.words = self._switch("words", tr("Words and recipe"), note)
        self.camera.toggled.connect(lambda on: self._take(camera=on))
        self.place.toggled.connect(lambda on: self._take(place=on))
        self.words.toggled.connect(lambda on: self._take(words=on))

    def _add_name(self) -> None:
        self._rows.addSpacing(4)
        self._rows.addWidget(name_label(tr("Name and folder"), self))
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

    def _switch(self, kind: str, name: str, note: Sentence | None = None) -> Switch:
        switch = Switch(name, self)
        switch.setObjectName(f"export-{kind}")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name_label(name, self))
        if note is not None:
            words.addWidget(note)
        line = QHBoxLayout()
        line.addLayout(words, 1)
        line.addWidget(switch)
        self._rows.addLayout(line)
        return switch

    @property
    def shows_preview(self) -> bool:
        """The canvas is to show the file beside the picture."""
        return self.preview.isChecked() and self.isVisible()

    def showEvent(self, event: QShowEvent) -> None:
        """What the canvas is to show comes with the page."""
        super().showEvent(event)
        if self.preview.isChecked():
            self.preview_asked.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        """What the canvas shows goes with the page."""
        super().hideEvent(event)
        self.preview_asked.emit(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Five formats only where there is room for their names."""
        super().resizeEvent(event)
        self._offer_avif()

    def _offer_avif(self) -> None:
        room = self.width() >= look().px(AVIF_WIDTH)
        self.format.offer("avif", room or self._choice.format == "avif")

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
        self._offer_avif()
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
        self.picture_size.show_side(choice.long_side)
        if not export_choice.has_ending(self.target, choice.format):
            target = self.target.with_suffix(SUFFIXES[choice.format])
            self.set_target(export_choice.beside_original(target, self._original))

    def _show_preset(self) -> None:
        current = export_choice.preset_of(self._choice, self._own, self._metadata)
        names = {"web": tr("Web"), "print": tr("Print"), "exact": tr("Exact copy")}
        own = [] if current else [Choice("", tr("Own"))]
        self.preset.set_choices([*own, *(Choice(*row) for row in names.items())], current)

    def _take(self, **values: object) -> None:
        self._change(replace(self._choice, **values))  # type: ignore[arg-type]  # fields by name

    def _change(self, choice: ExportChoice) -> None:
        if choice != self._choice:
            self.show_choice(choice)
            self.changed.emit()

    def _take_preset(self, name: str) -> None:
        if name:
            self._change(export_choice.presets(self._own, self._metadata)[name])

    # --- name, size, Export ---------------------------------------------------------------------

    def set_target(self, target: Path, *, may_replace: bool = False) -> None:
        """Where the file goes; `may_replace` where the artist knows that one is there."""
        self.target, self.may_replace = target, may_replace
        if self.name.text() != target.name:
            self.name.setText(target.name)
        self.folder.setToolTip(str(target.parent))
        self._show_folder()

    def ask_to_replace(self) -> None:
        """A file of this name is there already: the next press replaces it."""
        self.may_replace = True
        self.go.set_content(tr("Replace"), tr("Enter"))
        self.folder.set_text(tr("This file is there already"))

    def _show_folder(self) -> None:
        folder = self.target.parent
        self.go.set_content(tr("Export"), tr("Enter"))
        self.folder.set_text(tr("in {0}").format(folder.name or str(folder)))

    def _rename(self, text: str) -> None:
        """What is written stays as it is; the file has the ending of its format."""
        name = Path(text.strip()).name
        self.go.setEnabled(bool(name))
        if name:
            named = self.target.with_name(name)
            self.target = export_choice.with_ending(named, self._choice.format)
        self.may_replace = False
        self._show_folder()

    def show_measuring(self) -> None:
        """The size of the file is on its way."""
        self.file_size.set_text(tr("Measuring"))
        self.was.set_text("")

    def show_file_size(self, size: int | None, was: int | None = None) -> None:
        """How large the file will be.

        Args:
            size: in bytes, None where that is not known.
            was: of the file the picture came from, None where that is not known.
        """
        self.file_size.set_text("" if size is None else file_size_text(size))
        self.was.set_text("" if was is None else tr("was {0}").format(file_size_text(was)))
