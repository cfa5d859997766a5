"""Pages that slide over the side column: never a window in front of the picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.panels.wording import tr
from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.buttons import PushButton, Switch
from app.widgets.basics.empty_state import InfoCard, Nothing
from app.widgets.basics.labels import QuietLabel, Sentence
from app.window.actions import ACTIONS, MENUS
from inference.request.registry import METHODS


class Page(QWidget):
    """A column of rows with the usual margins."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = QVBoxLayout(self)
        self.rows.setContentsMargins(20, 16, 20, 16)
        self.rows.setSpacing(12)


class TextPage(Page):
    """One text to write: a name (one line) or a note (several)."""

    def __init__(
        self, explanation: str, text: str, done: Callable[[str], None], *, lines: bool
    ) -> None:
        super().__init__()
        self._done = done
        self.rows.addWidget(Sentence(explanation, self))
        self.edit: QLineEdit | QPlainTextEdit
        if lines:
            self.edit = QPlainTextEdit(text, self)
        else:
            self.edit = QLineEdit(text, self)
            self.edit.selectAll()
            self.edit.returnPressed.connect(self._finish)
        self.edit.setObjectName("page-text")
        self.edit.setAccessibleName(explanation)
        self.rows.addWidget(self.edit)
        save = PushButton(tr("Save"), self, kind="gold")
        save.setObjectName("page-save")
        save.clicked.connect(self._finish)
        self.rows.addWidget(save)
        self.rows.addStretch(1)
        self.setFocusProxy(self.edit)

    def _finish(self) -> None:
        edit = self.edit
        self._done(edit.text() if isinstance(edit, QLineEdit) else edit.toPlainText())


class FeatherPage(Page):
    """How wide the soft edge inside the selection is."""

    def __init__(self, longest: int, done: Callable[[float], None]) -> None:
        super().__init__()
        self.rows.addWidget(
            Sentence(tr("The edge softens inwards, so that the outside stays exact."), self)
        )
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setObjectName("feather")
        self.slider.setAccessibleName(tr("Width of the soft edge in pixels"))
        self.slider.setRange(0, max(8, longest // 10))
        self.figure = QuietLabel("0 px", self, size=13)
        self.slider.valueChanged.connect(lambda v: self.figure.set_text(f"{v} px"))
        self.slider.setValue(min(24, self.slider.maximum()))
        apply = PushButton(tr("Soften"), self, kind="gold")
        apply.setObjectName("page-save")
        apply.clicked.connect(lambda: done(float(self.slider.value())))
        for widget in (self.figure, self.slider, apply):
            self.rows.addWidget(widget)
        self.rows.addStretch(1)
        self.setFocusProxy(self.slider)


class ExportPage(Page):
    """Format and what goes into the file; the system's chooser asks where."""

    def __init__(self, formats: tuple[str, ...], current: str, done: Callable[..., None]) -> None:
        super().__init__()
        self.rows.addWidget(
            Sentence(tr("Writes the picture you see at full size, depth and profile."), self)
        )
        self.format = QComboBox(self)
        self.format.setObjectName("export-format")
        self.format.setAccessibleName(tr("Format"))
        for name in formats:
            self.format.addItem(name.upper(), name)
        self.format.setCurrentIndex(max(0, self.format.findData(current)))
        self.quality = QSlider(Qt.Orientation.Horizontal, self)
        self.quality.setObjectName("export-quality")
        self.quality.setAccessibleName(tr("Quality"))
        self.quality.setRange(50, 100)
        self.quality.setValue(95)
        self.quality_label = QuietLabel(tr("Quality 95"), self, size=13)
        self.quality.valueChanged.connect(
            lambda v: self.quality_label.set_text(tr("Quality {0}").format(v))
        )
        self.strip = Switch(tr("Leave out camera and place data"), self)
        self.strip.setObjectName("export-strip")
        self.note = Sentence("", self)
        self.go = PushButton(tr("Choose a place"), self, kind="gold")
        self.go.setObjectName("page-save")
        for widget in (
            self.format, self.quality_label, self.quality, self.strip, self.note, self.go,
        ):  # fmt: skip
            self.rows.addWidget(widget)
        self.rows.addStretch(1)
        self.go.clicked.connect(
            lambda: done(self.format.currentData(), self.quality.value(), self.strip.isChecked())
        )
        self.format.currentIndexChanged.connect(lambda _: self._shown())
        self._shown()
        self.setFocusProxy(self.format)

    def _shown(self) -> None:
        lossy = self.format.currentData() in ("jpeg", "webp")
        self.quality.setVisible(lossy)
        self.quality_label.setVisible(lossy)


class KeysPage(QScrollArea):
    """Every key, by menu."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("keys-page")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(20, 12, 20, 16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        row = 0
        titles = {**{m: t.replace("&", "") for m, t in MENUS}, "": tr("Tools and results")}
        for menu, title in titles.items():
            found = [a for a in ACTIONS if a.menu == menu and a.keys]
            if not found:
                continue
            heading = QuietLabel(tr(title), body, size=13, weight=SEMIBOLD, token="text")
            grid.addWidget(heading, row, 0, 1, 2)
            row += 1
            for info in found:
                if info.id.startswith("look_") and info.id not in ("look_0", "look_1"):
                    continue
                keys = [
                    QKeySequence(k).toString(QKeySequence.SequenceFormat.NativeText)
                    for k in info.keys
                ]
                shown = "1 – 9" if info.id == "look_1" else "  ".join(keys)
                grid.addWidget(QuietLabel(tr(info.text).rstrip("…"), body, size=13), row, 0)
                grid.addWidget(QuietLabel(shown, body, size=12, token="text3"), row, 1)
                row += 1
        grid.setRowStretch(row, 1)
        self.setWidget(body)


class WordsPage(QScrollArea):
    """What the words can do, with examples that can be tried."""

    def __init__(self, groups: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        super().__init__()
        self.setObjectName("words-page")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        body = Page()
        body.rows.addWidget(
            Sentence(
                tr("Say it in plain words, one thing or several: “warmer, but keep the "
                   "highlights”. Amounts count: slightly, much, 20 %, half a stop."),
                body,
            )
        )  # fmt: skip
        for title, words in groups:
            body.rows.addWidget(QuietLabel(title, body, size=13, weight=SEMIBOLD, token="text"))
            body.rows.addWidget(Sentence(", ".join(words), body))
        body.rows.addStretch(1)
        self.setWidget(body)


@dataclass(frozen=True)
class ModelFacts:
    """What the models page says.

    Attributes:
        found: name and detail of each model.
        missing: by method name, what it lacks, in words.
        refused: name and reason of each folder that is not used.
    """

    found: tuple[tuple[str, str], ...] = ()
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: tuple[tuple[str, str], ...] = ()


class ModelsPage(Page):
    """Which methods work now, and what is missing for others. Honest, also when it is little."""

    def __init__(self, facts: ModelFacts, folder: str) -> None:
        super().__init__()
        self.setObjectName("models-page")
        self.rows.addWidget(QuietLabel(tr("Ready"), self, size=13, weight=SEMIBOLD, token="text"))
        for info in METHODS.values():
            if not facts.missing.get(info.name):
                self.rows.addWidget(
                    InfoCard(
                        tr(info.title), tr(info.summary), (), self, icon_name="check", token="ok"
                    )
                )
        if any(facts.missing.values()):
            self.rows.addWidget(
                QuietLabel(tr("Waits for a model"), self, size=13, weight=SEMIBOLD, token="text")
            )
        for info in METHODS.values():
            lacks = facts.missing.get(info.name)
            if lacks:
                needs = tr("Needs: {0}.").format(", ".join(lacks))
                self.rows.addWidget(
                    InfoCard(
                        tr(info.title), f"{tr(info.summary)} {needs}", (), self, icon_name="package"
                    )
                )
        self.rows.addWidget(
            QuietLabel(tr("Models found"), self, size=13, weight=SEMIBOLD, token="text")
        )
        if not facts.found:
            self.rows.addWidget(
                Nothing(
                    "package",
                    tr("No models yet"),
                    tr("Models are folders of safetensors files. Put them into {0}; nothing is "
                       "downloaded by itself.").format(folder),
                    "",
                    self,
                )
            )  # fmt: skip
        for title, detail in facts.found:
            self.rows.addWidget(InfoCard(title, detail, (), self, icon_name="package"))
        if facts.refused:
            self.rows.addWidget(
                QuietLabel(tr("Not used"), self, size=13, weight=SEMIBOLD, token="text")
            )
        for title, detail in facts.refused:
            self.rows.addWidget(InfoCard(title, detail, (), self, icon_name="triangle-alert"))
        self.rows.addStretch(1)


class AboutPage(Page):
    """Name, version, licence."""

    def __init__(self, version: str) -> None:
        super().__init__()
        self.rows.addWidget(
            QuietLabel(f"Pentimento {version}", self, size=24, weight=SEMIBOLD, token="text")
        )
        for text in (
            tr("Edits pictures by words, on this computer only. It keeps every idea."),
            tr("Apache License 2.0. Inter by The Inter Project Authors (OFL 1.1), icons by Lucide "
               "(ISC). Qt, libvips and other libraries under their own licences, see docs."),
        ):  # fmt: skip
            self.rows.addWidget(Sentence(text, self))
        self.rows.addStretch(1)
        self.setMinimumWidth(look().px(200))
