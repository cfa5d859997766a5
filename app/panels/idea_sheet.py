from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.canvas.thumbnails import Thumbnails, to_qimage
from app.i18n.texts import tr
from app.panels.chat_wording import prompt_spans
from app.runtime.ui_scheduler import UiScheduler
from app.session.concept_sheet import ConceptSheet
from app.session.story_frame import SheetCell
from app.session.story_look import LOOKS
from app.theme.theme import ROW_PADDING, look
from app.widgets.basics.buttons import PushButton
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.labels import QuietLabel, Sentence
from app.widgets.basics.segments import Segment, ViewSwitch
from app.widgets.basics.vertical_scroll import VerticalScroll
from app.widgets.cards.sheet_card import SheetCard, SheetCardData
from editor.render.result_blend import ResultBlend

PROMPTS, STORY = "prompts", "story"
_LEAST_CARD: Final = 260
"""Logical width below which there is one card less in a row."""


class IdeaSheet(QWidget):
    """In the place of the canvas: the pictures about the concepts, and how they are laid out.

    Signals:
        export_asked(): write the board as a file.
    """

    export_asked = Signal()

    def __init__(
        self,
        sheet: ConceptSheet,
        thumbnails: Thumbnails,
        scheduler: UiScheduler,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._sheet, self._thumbnails, self._scheduler = sheet, thumbnails, scheduler
        self.cards: list[SheetCard] = []
        self.setObjectName("idea-sheet")
        self.mode = ViewSwitch(
            (Segment(PROMPTS, tr("Prompts"), "type"), Segment(STORY, tr("Storyboard"), "layers")),
            tr("Sheet"),
            self,
            prefix="sheet",
        )
        self.count = QuietLabel("", self, size=13)
        self.style_choice = ChoiceButton(tr("Look of all pictures"), (), self)
        self.style_choice.setObjectName("sheet-style")
        self.same_choice = ChoiceButton(tr("What stays the same"), (), self)
        self.same_choice.setObjectName("sheet-same")
        self.export = PushButton(tr("Export the board"), self, icon_name="download", height=30)
        self.export.setObjectName("export-board")
        head = QHBoxLayout()
        head.setContentsMargins(ROW_PADDING, 4, ROW_PADDING, 4)
        head.setSpacing(10)
        head.addWidget(self.mode)
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(self.export)
        shared = QHBoxLayout()  # a row of its own: the canvas may be narrow
        shared.setContentsMargins(ROW_PADDING, 0, ROW_PADDING, 2)
        shared.setSpacing(10)
        shared.addWidget(self.style_choice)
        shared.addWidget(self.same_choice)
        shared.addStretch(1)
        self._body = QWidget(self)
        self.empty = Sentence(tr("Pictures of what your words name appear here."), self._body)
        self._grid = QGridLayout()
        self._grid.setSpacing(12)
        inside = QVBoxLayout(self._body)
        inside.setContentsMargins(ROW_PADDING, 12, ROW_PADDING, 12)
        inside.addWidget(self.empty)
        inside.addLayout(self._grid)
        inside.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(shared)
        column.addWidget(VerticalScroll(self._body, self), 1)
        self.mode.chosen.connect(lambda mode: sheet.set_story(mode == STORY))
        self.style_choice.chosen.connect(lambda s: sheet.set_look(replace(sheet.look, style=s)))
        self.same_choice.chosen.connect(lambda s: sheet.set_look(replace(sheet.look, same=s)))
        self.export.clicked.connect(self.export_asked)
        sheet.changed.connect(self._refresh_later)
        thumbnails.ready.connect(self._on_thumbnail)
        self.refresh()

    def _on_thumbnail(self, name: str) -> None:
        if any(cell.drawn is not None and cell.drawn.key == name for cell in self._sheet.cells):
            self._refresh_later()

    def _refresh_later(self) -> None:
        self._scheduler.later(self.refresh)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More or fewer cards in a row."""
        super().resizeEvent(event)
        self._lay_out()

    def refresh(self) -> None:
        """Show the pictures as they are now."""
        cells = self._sheet.cells
        self.mode.set_current(STORY if self._sheet.is_story else PROMPTS)
        self.mode.setEnabled(bool(cells))
        self._show_look()
        done = sum(cell.drawn is not None for cell in cells)
        self.count.set_text(tr("{0} of {1} drawn").format(done, len(cells)) if cells else "")
        self.export.setEnabled(bool(done))
        why = "" if done else tr("There is no picture yet.")
        self.export.explain(tr("Export the board"), why=why)
        self.empty.setVisible(not cells)
        while len(self.cards) < len(cells):
            card = SheetCard(self._body)
            card.clicked.connect(partial(self._choose, len(self.cards)))
            self.cards.append(card)
        for number, card in enumerate(self.cards):
            card.setVisible(number < len(cells))
            if number < len(cells):
                chosen = cells[number].prompt.prompt == self._sheet.chosen
                card.show_cell(self._data(cells[number]), chosen=chosen)
        self._lay_out()

    def _show_look(self) -> None:
        """What the pictures of a story have in common; a single word's prompts differ."""
        shared, things = self._sheet.look, self._sheet.things
        told = self._sheet.is_story and bool(self._sheet.cells)
        own, none = tr("as each says"), tr("nothing")
        looks = (Choice(style, tr(style)) for style in LOOKS)
        self.style_choice.setVisible(told)
        self.style_choice.set_choices((Choice("", own), *looks))
        self.style_choice.set_current(
            shared.style, tr("Look: {0}").format(tr(shared.style) if shared.style else own)
        )
        self.same_choice.setVisible(told and bool(things))
        self.same_choice.set_choices((Choice("", none), *(Choice(one, one) for one in things)))
        self.same_choice.set_current(
            shared.same, tr("Keep the same: {0}").format(shared.same or none)
        )

    def thumbnail(self, cell: SheetCell) -> QImage | None:
        """A small picture of a cell, None before it is there."""
        paper = self._sheet.paper
        if cell.drawn is not None and paper is not None:
            return self._thumbnails.of_look(paper, ResultBlend(cell.drawn), None)
        return None if cell.preview is None else to_qimage(cell.preview)

    def _data(self, cell: SheetCell) -> SheetCardData:
        concept = cell.frame.concept.text
        state = "" if cell.drawn is not None else tr("Waiting")
        if cell.failed:
            state = cell.failed
        elif state and self._sheet.problem is not None and not self._sheet.is_busy:
            state = tr("No picture")
        title = cell.frame.sentence or concept
        own = cell.prompt.prompt == title  # once is enough
        return SheetCardData(
            cell.number,
            title,
            () if own else prompt_spans(concept, cell.prompt.prompt),
            self.thumbnail(cell),
            state,
            self._sheet.is_story and bool(cell.frame.locked),
        )

    def _choose(self, number: int, _checked: bool = False) -> None:
        self._sheet.choose(self._sheet.cells[number].prompt.prompt)

    def _lay_out(self) -> None:
        across = max(1, min(3, self.width() // look().px(_LEAST_CARD)))
        for place, card in enumerate(self.cards):
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(card, place // across, place % across, top)
        for column in range(3):
            self._grid.setColumnStretch(column, 1 if column < across else 0)
