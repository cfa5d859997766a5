from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.panels.chat_panel import ChatPanel
from app.panels.history_panel import HistoryPanel
from app.panels.ideas_panel import IdeasPanel
from app.panels.results_panel import ResultsPanel
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import Changes
from app.session.session import Session
from app.widgets.basics.labels import PanelHeader

LEAST_HISTORY = 150
"""Logical height the history keeps beside the results."""
CARDS_SHOWN = 4
RESULTS, SAY_IT, IDEAS, HISTORY = "results", "say_it", "ideas", "history"
TABS: Final = (RESULTS, SAY_IT, IDEAS, HISTORY)
"""What the tabs show, in their order; the history has one in narrow windows only."""


class SideColumn(QWidget):
    """Results, the conversation or ideas above the history, or one of the four under tabs.

    Signals:
        tab_changed(): another tab was chosen.
        tab_asked(): a tab was asked for by its key; it is to be seen.
    """

    tab_changed = Signal()
    tab_asked = Signal()

    def __init__(
        self,
        session: Session,
        results: ResultsPanel,
        chat: ChatPanel,
        ideas: IdeasPanel,
        history: HistoryPanel,
        scheduler: UiScheduler,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._results, self._history = results, history
        self._narrow = self._shared_by_hand = False
        self._counts = 0, 0
        self.setObjectName("side-column")
        # A subclass of QWidget paints the background of the style sheet only when asked.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("side-tabs")
        self.tabs.setAccessibleName(tr("Side column"))
        for text in (tr("Results"), tr("Say it"), tr("Ideas"), tr("History")):
            self.tabs.addTab(text)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self._pages = QStackedWidget(self)
        for page in (results, chat, ideas):  # in the order of their tabs
            self._pages.addWidget(page)
        self._divider = QSplitter(Qt.Orientation.Vertical, self)
        self._divider.setObjectName("side-divider")
        self._divider.setChildrenCollapsible(False)
        self._divider.setHandleWidth(1)
        self._divider.addWidget(self._pages)
        self._divider.addWidget(history)
        self._divider.setStretchFactor(0, 0)
        self._divider.setStretchFactor(1, 1)
        self._inside = QVBoxLayout(self)
        self._inside.setContentsMargins(1, 0, 0, 0)  # the line at its edge
        self._inside.setSpacing(0)
        self._inside.addWidget(self._divider, 1)
        self.tabs.currentChanged.connect(self._on_tab)
        self._divider.splitterMoved.connect(self._divided_by_hand)
        self._scheduler = scheduler
        session.changed.connect(self._on_changed)
        self.set_tabbed(False)

    @property
    def tab(self) -> str:
        """The tab in front, one of `TABS`."""
        return TABS[self.tabs.currentIndex()]

    def show_tab(self, tab: str) -> None:
        """Put a tab in front, wherever it is."""
        self.tabs.setCurrentIndex(TABS.index(tab))
        self.tab_asked.emit()

    def _on_tab(self) -> None:
        self._show_pages()
        self.share()
        self.tab_changed.emit()

    def _on_changed(self, changes: Changes) -> None:
        del changes  # setting the same texts costs nothing
        self._scheduler.later(self.refresh)

    def refresh(self) -> None:
        """How many results and ideas there are, on the tabs."""
        results, document = self._session.results, self._session.document
        count = len(results.slots) if results is not None else 0
        ideas = len(document.history.nodes) if document is not None else 0
        if (count, ideas) != self._counts:  # setting the texts lays the whole column out
            self._counts = count, ideas
            self.place_tabs()

    def _say_tabs(self, *, counted: bool) -> None:
        """The texts of the tabs, with how many results and ideas there are, or without."""
        count, ideas = self._counts if counted else (0, 0)
        texts = {
            RESULTS: tr("Results {0}").format(count) if count else tr("Results"),
            HISTORY: tr("History {0}").format(ideas) if ideas else tr("History"),
        }
        for tab, text in texts.items():
            if self.tabs.tabText(TABS.index(tab)) != text:
                self.tabs.setTabText(TABS.index(tab), text)

    def set_tabbed(self, tabbed: bool) -> None:
        """The history under a tab of its own, in narrow windows."""
        self._narrow = tabbed
        self.tabs.setTabVisible(TABS.index(HISTORY), tabbed)
        if not tabbed and self.tab == HISTORY:
            self.tabs.setCurrentIndex(0)
        self._results.set_tabbed(tabbed)
        self._history.set_tabbed(tabbed)
        self._show_pages()

    def _show_pages(self) -> None:
        tab = self.tab
        if tab != HISTORY:
            self._pages.setCurrentIndex(TABS.index(tab))
        self._pages.setVisible(tab != HISTORY)
        self._history.setVisible(not self._narrow or tab == HISTORY)

    def place_tabs(self) -> None:
        """The tabs stand above; in narrow windows they lie over the head of a panel with room.

        Where they have no room beside each other they lose their counts, then they scroll.
        """
        room = self.width() - 4
        self.tabs.setUsesScrollButtons(False)
        for counted in (True, False):
            self._say_tabs(counted=counted)
            if self.tabs.sizeHint().width() <= room:
                break
        self.tabs.setUsesScrollButtons(self.tabs.sizeHint().width() > room)
        tabs, under = self.tabs.sizeHint(), self._header_under()
        height = tabs.height()
        if under is not None and tabs.width() + 4 <= self.width() - under.taken:
            height = max(under.height(), height)
            self._inside.setContentsMargins(1, 0, 0, 0)
        else:
            self._inside.setContentsMargins(1, height, 0, 0)
        self.tabs.setGeometry(4, 0, min(tabs.width(), room), height)
        self.tabs.raise_()

    def _header_under(self) -> PanelHeader | None:
        """The heading that the tabs stand in for, where there is one."""
        if not self._narrow or self.tab in (SAY_IT, IDEAS):
            return None
        return self._history.header if self.tab == HISTORY else self._results.header

    def share(self) -> None:
        """Room for four cards and their foot, and the history at least `LEAST_HISTORY`.

        The others need all the room that the history leaves.
        """
        if self._shared_by_hand:
            return
        results, available = self._results, self._divider.height()
        header = results.header.sizeHint().height()
        cards = results.list.height_for(CARDS_SHOWN) + results.foot.sizeHint().height() + header
        wanted = cards if self.tab == RESULTS else available
        if available > 0:
            top = min(wanted, max(available - LEAST_HISTORY, available // 2))
            self._divider.setSizes([top, available - top])

    def _divided_by_hand(self) -> None:
        self._shared_by_hand = True
