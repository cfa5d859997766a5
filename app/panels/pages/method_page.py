from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.i18n.messages import text_of
from app.i18n.texts import tr
from app.panels.pages.method_guide import MethodGuide, guide_text
from app.panels.pages.pad_section import PadSection
from app.panels.pages.page import Page
from app.session.guidance_pad import has_pad
from app.session.method_settings import LARGEST_SEED, WORK_SIDES, MethodSettings
from app.theme.theme import MEDIUM
from app.widgets.basics.buttons import LinkButton, PushButton
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.basics.segments import Segment, ViewSwitch
from app.widgets.basics.setting_rows import FormRow, PicturesRow, SettingRow, setting_row
from editor.messages import Message
from inference.request.method_options import MethodOptions
from inference.request.registry import METHODS

_FIRST_SEED = 1

MemoryOf = Callable[[str, MethodOptions], Message | None]
"""What an edit by a method with what is set for it will take of memory; None for unknown."""

MakePad = Callable[[str, QWidget], PadSection]
"""Makes the guidance pad of a method, given its parent."""


class MethodPage(QScrollArea):
    """What can be set for a method: a form built from its `INFO`, remembered for each method.

    Signals:
        run_asked(): Enter on the guidance pad.
        picture_asked(object): a chooser of files for a row of pictures, which is given along.
    """

    run_asked = Signal()
    picture_asked = Signal(object)

    def __init__(
        self,
        settings: MethodSettings,
        method: str,
        make_pad: MakePad | None = None,
        memory_of: MemoryOf = lambda method, options: None,
    ) -> None:
        """Show one of the methods that can be set; `method` where it is one of them.

        `make_pad` makes the guidance pad of a method that has one; None goes without.
        """
        super().__init__()
        self._make_pad, self._memory_of = make_pad, memory_of
        self.setObjectName("method-page")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._settings = settings
        infos = settings.methods()
        names = [info.name for info in infos]
        self.method = method if method in names else names[0]
        self.rows: dict[str, FormRow] = {}
        body = Page()
        self.choice = ChoiceButton(tr("Method"), (), body)
        self.choice.setObjectName("method-page-choice")
        self.choice.set_choices(
            [Choice(info.name, text_of(info.title)) for info in infos], self.method
        )
        self.choice.chosen.connect(self.show_method)
        head = QHBoxLayout()
        head.addWidget(QuietLabel(tr("Method"), body, size=13, weight=MEDIUM, token="text"))
        head.addStretch(1)
        head.addWidget(self.choice)
        body.rows.addLayout(head)
        self._summary = Sentence("", body)
        body.rows.addWidget(self._summary)
        self.about = LinkButton(tr("How it works"), body)
        self.about.setObjectName("method-about")
        self.about.clicked.connect(self._toggle_guide)
        body.rows.addWidget(self.about, 0, Qt.AlignmentFlag.AlignLeft)
        self._guide: MethodGuide | None = None
        self._fields = QWidget(body)
        body.rows.addWidget(self._fields)
        self.memory = Sentence("", body, size=12, token="text3")
        self.memory.setObjectName("method-memory")
        body.rows.addWidget(self.memory)
        self.reset = PushButton(tr("Reset all"), body)
        self.reset.setObjectName("method-reset")
        self.reset.clicked.connect(lambda: settings.reset(self.method))
        body.rows.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        note = tr("This holds for every edit by this method until you reset it, with Auto too.")
        body.rows.addWidget(Sentence(note, body, size=12, token="text3"))
        body.rows.addStretch(1)
        self._body = body
        self.setWidget(body)
        self.show_method(self.method)
        settings.changed.connect(self._follow)
        self.setFocusProxy(self.choice)

    def show_method(self, method: str) -> None:
        """The form of another method."""
        self.method = method
        info = METHODS[method]
        self._summary.set_text(text_of(info.summary))
        self._close_guide()
        self.about.setVisible(bool(guide_text(method)))
        fields = QWidget(self._body)
        form = QVBoxLayout(fields)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(14)
        pad = self._make_pad(method, fields) if self._make_pad and has_pad(info) else None
        if pad is not None:
            pad.run_asked.connect(self.run_asked)
            form.addWidget(pad)
        self.rows = {}
        for one in info.settings:
            row = setting_row(one, fields)
            row.setObjectName(f"setting-{one.name}")
            row.changed.connect(lambda v, name=one.name: self._settings.set(self.method, name, v))
            row.reset_asked.connect(
                lambda name=one.name: self._settings.set(
                    self.method, name, self._settings.default(self.method, name)
                )
            )
            if isinstance(row, PicturesRow):
                row.file_asked.connect(lambda row=row: self.picture_asked.emit(row))
            self.rows[one.name] = row
            form.addWidget(row)
        self._seed = _SeedRow(fields)
        self._seed.changed.connect(lambda v: self._settings.set_seed(self.method, v))
        self._seed.reset_asked.connect(lambda: self._settings.set_seed(self.method, None))
        form.addWidget(self._seed)
        self._size = _SizeRow(fields)
        self._size.changed.connect(lambda v: self._settings.set_work_side(self.method, v))
        self._size.reset_asked.connect(lambda: self._settings.set_work_side(self.method, None))
        self._size.setHidden(info.begins)  # a new picture has the size of its document
        form.addWidget(self._size)
        self._body.rows.replaceWidget(self._fields, fields)
        self._fields.hide()
        self._fields.deleteLater()
        self._fields = fields
        self._follow(method)

    def _toggle_guide(self) -> None:
        """Show the guide's page of the method under its summary, or take it away."""
        if self._guide is not None:
            self._close_guide()
            return
        self._guide = MethodGuide(self.method, self._body)
        self._body.rows.insertWidget(self._body.rows.indexOf(self.about) + 1, self._guide)
        self.about.set_content(tr("Hide"))

    def _close_guide(self) -> None:
        if self._guide is not None:
            self._guide.hide()
            self._guide.deleteLater()
            self._guide = None
        self.about.set_content(tr("How it works"))

    def _follow(self, method: str) -> None:
        """Show what is set now."""
        if method != self.method:
            return
        options = self._settings.options(method)
        values = dict(options.settings)
        for one in METHODS[method].settings:
            row = self.rows[one.name]
            row.show_value(values.get(one.name, self._settings.default(method, one.name)))
            row.show_changed(one.name in values)
        self._seed.show_value(options.seed)
        self._seed.show_changed(options.seed is not None)
        self._size.show_value(options.work_side)
        self._size.show_changed(options.work_side is not None)
        self.reset.setEnabled(self._settings.is_changed(method))
        needs = self._memory_of(method, options)
        self.memory.set_text(text_of(needs))
        self.memory.setVisible(needs is not None)


class _SeedRow(SettingRow):
    """New pictures each time, or the same ones."""

    def __init__(self, parent: QWidget) -> None:
        hint = tr("The seed of the first result. The others count up from it")
        super().__init__(tr("Chance"), hint, parent)
        self.setObjectName("setting-seed")
        ways = (Segment("new", tr("New each time"), ""), Segment("same", tr("Always the same"), ""))
        self.switch = ViewSwitch(ways, tr("Chance"), self)
        self.switch.chosen.connect(self._chosen)
        self.field = QLineEdit(self)
        self.field.setAccessibleName(tr("Seed"))
        self.field.setValidator(QIntValidator(0, LARGEST_SEED, self.field))
        self.field.editingFinished.connect(self._typed)
        self._value: int | None = None
        line = QHBoxLayout()
        line.addWidget(self.switch)
        line.addStretch(1)
        line.addWidget(self.field)
        self.column.addLayout(line)
        self.show_value(None)

    def show_value(self, value: Any) -> None:
        """Show a seed, None for new pictures each time."""
        self._value = value
        self.switch.set_current("new" if value is None else "same")
        self.field.setText("" if value is None else str(value))
        self.field.setVisible(value is not None)

    def _chosen(self, way: str) -> None:
        self.changed.emit(None if way == "new" else _FIRST_SEED)

    def _typed(self) -> None:
        seed = int(self.field.text())  # the validator lets nothing else through
        if seed != self._value:
            self.changed.emit(seed)


class _SizeRow(SettingRow):
    """How large the model's picture is."""

    def __init__(self, parent: QWidget) -> None:
        hint = tr("Larger is slower. Far from the model's own size it draws worse")
        super().__init__(tr("Drawn at"), hint, parent)
        self.setObjectName("setting-work-side")
        self.choice = ChoiceButton(tr("Drawn at"), self._choices(), self)
        self.choice.chosen.connect(lambda side: self.changed.emit(int(side) if side else None))
        self.column.addWidget(self.choice, 0, Qt.AlignmentFlag.AlignLeft)

    @staticmethod
    def _choices() -> list[Choice]:
        sides = [Choice(str(side), tr("About {0} × {0} px").format(side)) for side in WORK_SIDES]
        return [Choice("", tr("The model's own size")), *sides]

    def show_value(self, value: Any) -> None:
        """Show a side in pixels, None for the model's own size."""
        self.choice.set_current("" if value is None else str(value))
