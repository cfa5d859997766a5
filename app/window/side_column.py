from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QTabBar, QVBoxLayout, QWidget

from app.i18n.texts import tr
from app.panels.history_panel import HistoryPanel
from app.panels.results_panel import ResultsPanel
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import Changes
from app.session.session import Session

LEAST_HISTORY = 150
"""Logical height the history keeps beside the results."""
CARDS_SHOWN = 4


class SideColumn(QWidget):
    """Results above the history, or one of the two under tabs.

    Signals:
        tab_changed(): the other tab was chosen.
    """

    tab_changed = Signal()

    def __init__(
        self,
        session: Session,
        results: ResultsPanel,
        history: HistoryPanel,
        scheduler: UiScheduler,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._results = results
        self._history = history
        self._shared_by_hand = False
        self.setObjectName("side-column")
        # A subclass of QWidget paints the background of the style sheet only when asked.
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.tabs = QTabBar(self)
        self.tabs.setObjectName("side-tabs")
        self.tabs.addTab(tr("Results"))
        self.tabs.addTab(tr("History"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.hide()
        self._divider = QSplitter(Qt.Orientation.Vertical, self)
        self._divider.setObjectName("side-divider")
        self._divider.setChildrenCollapsible(False)
        self._divider.setHandleWidth(1)
        self._divider.addWidget(results)
        self._divider.addWidget(history)
        self._divider.setStretchFactor(0, 0)
        self._divider.setStretchFactor(1, 1)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(1, 0, 0, 0)  # the line at its edge
        inside.setSpacing(0)
        inside.addWidget(self._divider, 1)
        self.tabs.currentChanged.connect(lambda _: self.tab_changed.emit())
        self._divider.splitterMoved.connect(self._divided_by_hand)
        self._scheduler = scheduler
        session.changed.connect(self._on_changed)

    def _on_changed(self, changes: Changes) -> None:
        del changes  # setting the same texts costs nothing
        self._scheduler.later(self.refresh)

    def refresh(self) -> None:
        """How many results and ideas there are, on the tabs."""
        results, document = self._session.results, self._session.document
        count = len(results.slots) if results is not None else 0
        ideas = len(document.history.nodes) if document is not None else 0
        texts = (
            tr("Results {0}").format(count) if count else tr("Results"),
            tr("History {0}").format(ideas) if ideas else tr("History"),
        )
        if texts == tuple(map(self.tabs.tabText, range(2))):
            return  # setting them lays the whole column out
        for number, text in enumerate(texts):
            self.tabs.setTabText(number, text)
        self.place_tabs()

    def set_tabbed(self, tabbed: bool) -> None:
        """One of the two under tabs, in narrow windows."""
        first = self.tabs.currentIndex() == 0
        self.tabs.setVisible(tabbed)
        self._results.set_tabbed(tabbed)
        self._history.set_tabbed(tabbed)
        self._results.setVisible(not tabbed or first)
        self._history.setVisible(not tabbed or not first)

    def place_tabs(self) -> None:
        """The tabs lie over the head of the panel they show, left of its buttons."""
        tabs = self.tabs.sizeHint()
        height = max(self._results.header.height(), tabs.height())
        self.tabs.setGeometry(4, 0, tabs.width(), height)
        self.tabs.raise_()

    def share(self) -> None:
        """Room for four cards and their foot, and the history at least `LEAST_HISTORY`."""
        if self._shared_by_hand:
            return
        results = self._results
        header = results.header.sizeHint().height()
        cards = results.list.height_for(CARDS_SHOWN) + results.foot.sizeHint().height() + header
        available = self._divider.height()
        if available > 0:
            top = min(cards, max(available - LEAST_HISTORY, available // 2))
            self._divider.setSizes([top, available - top])

    def _divided_by_hand(self) -> None:
        self._shared_by_hand = True
