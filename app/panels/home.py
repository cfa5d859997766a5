from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.canvas.thumbnails import Thumbnails
from app.i18n.texts import N_, tr
from app.panels import document_wording as wording
from app.session import open_document as opening
from app.session.changes import Changes, MessageKind
from app.session.recent_list import RecentList
from app.session.session import Session
from app.theme.theme import SEMIBOLD, look
from app.widgets.basics.empty_state import PictureTile
from app.widgets.basics.labels import QuietLabel
from app.widgets.basics.message_line import LineMessage, MessageLine
from app.widgets.history_graph.map_tools import SearchField
from app.widgets.home.continue_card import PICTURE_HEIGHT, SHOWN, ContinueCard, ContinueData
from app.widgets.home.document_cards import DocumentCard
from app.widgets.home.document_grid import DocumentGrid, GridPlace
from app.widgets.home.sample_grid import SampleGrid
from app.widgets.home.sample_row import SampleRow
from app.widgets.home.start_list import StartList, StartOption

if TYPE_CHECKING:  # sqlite and zstandard are loaded with the first document
    from editor.storage.recent_documents import RecentDocument

DROP = N_("Or drop pictures anywhere. PNG, JPEG, WebP, TIFF, AVIF, PSD, KRA, up to 16 bit.")
NARROW = 1180
"""Logical width below which the ways to begin stand in a row under the last document."""
THIN = 760
"""Logical width below which they stand below each other again."""
LOW = 620
"""Logical height below which the last document's picture is smaller."""
START_WIDTH = 352
"""Logical width of the ways to begin, beside the last document."""
WIDEST = 16777215
"""Qt's own limit of a widget's width: none."""
SAMPLES_FOLD = 3
"""With more documents than this, samples are a small row at the foot."""


class HomePanel(QWidget):
    """The room without a picture: the document worked on last, ways to begin, recent documents.

    Signals:
        document_asked(str): open this document, or find it where it is missing; its path.
        map_asked(str): open it and show its map.
        removed(str): take it off the list.
        menu_asked(str, QPoint): its menu, at a global point.
        sample_asked(int), action_asked(str)
    """

    document_asked = Signal(str)
    map_asked = Signal(str)
    removed = Signal(str)
    menu_asked = Signal(str, QPoint)
    sample_asked = Signal(int)
    action_asked = Signal(str)

    def __init__(
        self,
        session: Session,
        recent: RecentList,
        thumbnails: Thumbnails,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._recent, self._thumbnails = session, recent, thumbnails
        self._pictures: dict[str, tuple[Path, str]] = {}
        """Where a thumbnail can be made from, by its key: document and idea."""
        self.setObjectName("home")
        self.setAccessibleName(tr("Home"))
        self.last = ContinueCard(self)
        self.start = StartList(_starts(), tr(DROP), self)
        self.title = QuietLabel(tr("Recent"), self, size=15, weight=SEMIBOLD, token="text")
        self.count = QuietLabel("", self, size=13)
        self.search = SearchField(tr("Search names and words"), self)
        self.search.setObjectName("home-search")
        self.search.setMinimumWidth(look().px(250))
        self.nothing = QuietLabel("", self, size=13)
        self.grid = DocumentGrid(self)
        self.grid.set_thumbnails(lambda card: self._thumbnail(card.picture))
        self.samples = SampleRow(tr("Samples"), self)
        self.sample_grid = SampleGrid(tr("Samples"), self)
        self.line = MessageLine(self, speaks=False)
        self.line.hide()  # until it says something
        self._scroll = QScrollArea(self)
        self._lay_out()
        self._connect()
        self.refresh()

    # --- building -------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(10)
        for widget in (self.title, self.count):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.search)
        inner = QWidget(self)
        inner.setObjectName("home-page")
        self._page = QVBoxLayout(inner)
        self._page.setSpacing(0)
        self._top = QGridLayout()
        self._top.setHorizontalSpacing(38)
        self._top.setVerticalSpacing(16)
        self._page.addLayout(self._top)
        self._page.addSpacing(24)
        self._page.addLayout(head)
        self._page.addSpacing(12)
        self._page.addWidget(self.nothing)
        self._page.addWidget(GridPlace(self.grid, inner))
        self._page.addWidget(self.samples)
        self._page.addWidget(self.sample_grid, 1)
        self._page.addStretch(0)  # takes what nothing else grows into
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inner)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 0, 24, 0)
        foot.addWidget(self.line)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.last.opened.connect(self.document_asked)
        self.last.map_asked.connect(self.map_asked)
        self.start.chosen.connect(self.action_asked)
        self.grid.opened.connect(self.document_asked)
        self.grid.removed.connect(self.removed)
        self.grid.menu_asked.connect(self.menu_asked)
        self.grid.typed.connect(self._type)
        self.grid.moved.connect(self._keep_in_sight)
        self.search.textChanged.connect(lambda _: self.refresh())
        self.search.left.connect(self.focus_first)
        self.search.returnPressed.connect(self._open_found)
        self.samples.chosen.connect(self.sample_asked)
        self.sample_grid.chosen.connect(self.sample_asked)
        self.line.button_clicked.connect(self.action_asked)
        self._recent.changed.connect(self.refresh)
        self._thumbnails.ready.connect(self._on_thumbnail)
        self._session.changed.connect(self._on_changed)

    # --- content --------------------------------------------------------------------------------

    @property
    def entries(self) -> tuple[RecentDocument, ...]:
        """The documents, the last one first."""
        return self._recent.entries

    def refresh(self) -> None:
        """Show the list as it is known now."""
        entries, words = self.entries, self.search.text().strip()
        whole = [e for e in entries if not e.is_missing and e.trouble is None]
        last = max(whole, key=lambda entry: entry.time, default=None)
        appears = last is not None and self.last.isHidden()
        self.last.setVisible(last is not None)
        if last is not None:
            self._show_last(last)
        found = [(e, e.find(words)) for e in entries] if words else [(e, "") for e in entries]
        cards = [self._card(e, hit) for e, hit in found if hit is not None and (words or e != last)]
        self.grid.set_cards(cards)
        many = tr("1 document") if len(entries) == 1 else tr("{0} documents").format(len(entries))
        if words:
            many = tr("{0} found").format(len(cards))
        self.count.set_text(many if entries else "")
        for widget in (self.title, self.search):
            widget.setVisible(len(entries) > 1 or bool(words))
        self.nothing.setVisible(self._recent.is_read and not entries)
        self.nothing.set_text(tr("Nothing here yet. Open a picture, or begin with a sample."))
        self.samples.set_large(self._recent.is_read and len(entries) <= SAMPLES_FOLD)
        self._place_samples()
        self._arrange()
        # Not hasFocus(): the window may not be active yet when the list arrives.
        if appears and self.window().focusWidget() is self.start.buttons["open"]:
            self.focus_first()  # nobody has gone elsewhere since Home came

    def show_samples(self) -> None:
        """The pictures that come with the program; theirs come from worker threads."""
        tiles = []
        for number, sample in enumerate(opening.samples()):
            picture = self._thumbnails.of_file(f"sample-{sample.file.stem}", sample.file)
            tiles.append(PictureTile(str(number), sample.title, picture))
        self.samples.set_samples(tiles)
        self.sample_grid.set_samples(tiles)
        self._place_samples()

    def _place_samples(self) -> None:
        """They have the whole room where there is nothing else to go on with."""
        first = self._recent.is_read and not self.entries
        there = bool(self.sample_grid.buttons)
        self.sample_grid.setVisible(there and first)
        self.samples.setVisible(there and not first)

    def _show_last(self, entry: RecentDocument) -> None:
        summary = entry.summary
        strip: tuple[str, ...] = ()
        picture = current = kept = ideas = ""
        if summary is not None:
            shown = [idea for idea in summary.ideas if idea.picture]
            for idea in shown:
                self._pictures[idea.picture] = entry.path, idea.id
            strip = tuple(idea.picture for idea in shown[-SHOWN:])
            current = picture = summary.current.picture if summary.current is not None else ""
            if summary.count > 1:
                kept = tr("You kept “{0}”").format(summary.ideas[-1].label)
            ideas = wording.branches_text(summary)
        when = tr("Last open, {0}").format(wording.day(entry.time))
        name = wording.document_name(entry)
        data = ContinueData(str(entry.path), when, name, ideas, kept, picture, strip, current)
        self.last.show_document(data)
        for key in {picture, *strip}:
            image = self._thumbnail(key)
            if image is not None:
                self.last.set_image(key, image)

    def _card(self, entry: RecentDocument, found: str | None) -> DocumentCard:
        summary = entry.summary
        current = summary.current if summary is not None else None
        if current is not None:
            self._pictures[current.picture] = entry.path, current.id
        detail, link = wording.detail_text(entry), ""
        if entry.is_missing:
            link = tr("Find it")
        elif entry.trouble is not None:
            link = tr("Open the rest")
        elif found:
            detail = tr("“{0}”").format(found)
        return DocumentCard(
            id=str(entry.path),
            name=wording.document_name(entry),
            detail=detail,
            link=link,
            picture=current.picture if current is not None else "",
            pinned=entry.is_pinned,
            state="missing" if entry.is_missing else "damaged" if entry.trouble else "whole",
        )

    def _thumbnail(self, key: str) -> QImage | None:
        if key not in self._pictures:
            return None
        return self._thumbnails.of_document(key, *self._pictures[key])

    def _on_thumbnail(self, name: str) -> None:
        if name.startswith("sample-"):
            self.show_samples()
        elif name in self._pictures and self.isVisible():
            image = self._thumbnail(name)
            if image is not None:
                self.last.set_image(name, image)
            self.grid.viewport().update()

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.MESSAGE:
            message = self._session.messages.current
            if message is None or message.kind is MessageKind.PROGRESS:
                self.line.set_message(None)
            else:
                self.line.set_message(
                    LineMessage(
                        message.kind.value, message.text, message.button, message.action,
                        second_button=message.second_button, second_action=message.second_action,
                    )
                )  # fmt: skip
            self.line.setVisible(self.line.message is not None)

    # --- place and keys -------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fewer things beside each other where there is less room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        px = look().px
        narrow, low = self.width() < px(NARROW), self.height() < px(LOW)
        thin = self.width() < px(THIN)
        side = min(60, max(16, self.width() // 24))
        self._page.setContentsMargins(side, 16 if low else 28, side, 12)
        for widget in (self.last, self.start):
            self._top.removeWidget(widget)
        self.start.set_beside((narrow or self.last.isHidden()) and not thin)
        self.last.map.setVisible(not thin)
        row, column = (1, 0) if narrow or self.last.isHidden() else (0, 1)
        self._top.addWidget(self.last, 0, 0)
        self._top.addWidget(self.start, row, column, Qt.AlignmentFlag.AlignTop)
        self._top.setColumnStretch(0, 1)
        self._top.setColumnMinimumWidth(1, px(START_WIDTH) if column else 0)
        self.start.setMaximumWidth(px(START_WIDTH) if column else WIDEST)
        self.last.set_height(PICTURE_HEIGHT * 3 // 5 if low or narrow else PICTURE_HEIGHT)

    def focus_first(self) -> None:
        """Where Enter goes on: the last document, else the first way to begin."""
        if self.search.text() and self.grid.documents.cards:
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)
            self.grid.setCurrentIndex(self.grid.documents.index(0))
        elif not self.last.isHidden():
            self.last.go_on.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.start.buttons["open"].setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_search(self) -> None:
        """The caret into the search field, where there is one."""
        if not self.search.isHidden():
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.search.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter that nothing else takes goes into the search field."""
        text = event.text()
        if text.strip() and text.isprintable() and not self.search.isHidden():
            self._type(text)
        else:
            super().keyPressEvent(event)

    def _type(self, text: str) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.setText(self.search.text() + text)

    def _open_found(self) -> None:
        cards = self.grid.documents.cards
        if self.search.text().strip() and cards:
            self.document_asked.emit(cards[0].id)

    def _keep_in_sight(self) -> None:
        rect = self.grid.visualRect(self.grid.currentIndex())
        page = self._scroll.widget()
        assert page is not None
        at = self.grid.mapTo(page, rect.center())
        self._scroll.ensureVisible(at.x(), at.y(), rect.width() // 2, rect.height() // 2 + 12)


def _starts() -> tuple[StartOption, ...]:
    """The ways to begin; their ids are those of actions."""
    return (
        StartOption("open", "folder-open", tr("Open a picture"), tr("A file or a document")),
        StartOption("paste", "clipboard-paste", tr("Paste"), tr("The picture you copied")),
        StartOption("new_from_words", "image-plus", tr("New from words"),
                    tr("Say what the picture shows")),
    )  # fmt: skip
