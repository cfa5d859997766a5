from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSplitter, QTabBar, QVBoxLayout, QWidget

from app.canvas.mip_cache import MipCache
from app.canvas.thumbnails import Thumbnails
from app.panels.history import HistoryPanel
from app.panels.map import MapPanel
from app.panels.prompt import PromptPanel
from app.panels.results import ResultsPanel
from app.panels.stage import StagePanel
from app.panels.wording import clock, tr
from app.runtime.settings import Settings
from app.runtime.ui_scheduler import UiScheduler
from app.session.changes import Changes
from app.session.session import Session
from app.theme.theme import look
from app.widgets.basics.command_palette import CommandPalette
from app.widgets.basics.empty_state import DropFrame, NothingTried
from app.widgets.basics.painting import FocusRing
from app.widgets.basics.popover import SlideOver
from app.window.controllers import commands
from app.window.menus import fill_menus, make_actions, palette_commands
from app.window.options_bar import OptionsRow
from app.window.responsive_layout import NARROW, Folding
from app.window.status_bar import StatusLine
from app.window.tool_rail import ToolRail
from app.window.top_bar import TopBar
from app.window.wiring import Looking
from editor.errors import ExpectedError
from editor.ranking.rank import Weights

BEGIN_MS = 60
"""After the first paint: words and samples load on other threads, which share one lock."""


class Window(QWidget):
    """One screen: look (canvas), say (prompt), choose (results), keep (history)."""

    def __init__(self, session: Session, settings: Settings, thumbnails_dir: Path) -> None:
        super().__init__()
        self.session = session
        self.settings = settings
        self.levels = MipCache()
        self.turns = UiScheduler(self)
        self.thumbnails = Thumbnails(session.work, self.levels, thumbnails_dir)
        self._begun = False
        self._unsaid = Changes.NONE
        self.setObjectName("window")
        self.setWindowTitle("Pentimento")
        self.setMinimumSize(480, 300)
        self.resize(1440, 900)
        self.setAcceptDrops(True)
        self.actions_by_id: dict[str, QAction] = make_actions(self)
        self._build()
        fill_menus(self.top.menus, self.actions_by_id)
        self.palette_field = CommandPalette(self)
        self.palette_field.run_asked.connect(lambda name: self.actions_by_id[name].trigger())
        self.focus_ring = FocusRing(self)
        self.folding = Folding(self)
        self.commands = commands.Commands(self)
        session.runner.weights = Weights(settings["rank_words"], settings["rank_picture"])
        self.stage.canvas.wheel_scrolls = settings["wheel"] == "scroll"
        self.actions_by_id["show_methods"].setChecked(bool(settings["show_methods"]))
        self.looking = Looking(self)
        session.changed.connect(self._on_changed)
        look().changed.connect(self.update)
        self._on_changed(Changes.ALL)
        self.turns.finish()
        self.prompt.focus_prompt()

    # --- building ---------------------------------------------------------------------------

    def _build(self) -> None:
        session, settings = self.session, self.settings
        self.top = TopBar(self)
        self.rail = ToolRail(self.actions_by_id, self)
        self.options = OptionsRow(self)
        self.drop = DropFrame(self)
        self.stage = StagePanel(session, self.levels, self.drop, self)
        self.prompt = PromptPanel(session, settings, self)
        self.empty = NothingTried(self)
        self.results = ResultsPanel(session, self.thumbnails, self.turns, self.empty, self)
        self.history = HistoryPanel(session, self.thumbnails, self.turns, self)
        self.map = MapPanel(session, self.thumbnails, self.turns, self)
        self.stage.set_map(self.map)
        self.options.add_tools(self.map.tools)
        self.status = StatusLine(self)

        self.column = QWidget(self)
        self.column.setObjectName("side-column")
        self.tabs = QTabBar(self.column)
        self.tabs.setObjectName("side-tabs")
        self.tabs.addTab(tr("Results"))
        self.tabs.addTab(tr("History"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.hide()
        self.tabs.currentChanged.connect(lambda _: self.folding.arrange())
        self.divider = QSplitter(Qt.Orientation.Vertical, self.column)
        self.divider.setObjectName("side-divider")
        self.divider.setChildrenCollapsible(False)
        self.divider.setHandleWidth(1)
        self.divider.addWidget(self.results)
        self.divider.addWidget(self.history)
        self.divider.setStretchFactor(0, 0)
        self.divider.setStretchFactor(1, 1)
        inside = QVBoxLayout(self.column)
        inside.setContentsMargins(1, 0, 0, 0)  # the line at its edge
        inside.setSpacing(0)
        inside.addWidget(self.divider, 1)
        self.side = SlideOver(self.column, self)
        self.side.setObjectName("side")

        centre = QWidget(self)
        middle = QVBoxLayout(centre)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.options)
        middle.addWidget(self.stage, 1)
        middle.addWidget(self.prompt)
        self.split = QSplitter(Qt.Orientation.Horizontal, self)
        self.split.setObjectName("split")
        self.split.setHandleWidth(0)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(centre)
        self.split.addWidget(self.side)
        self.split.setStretchFactor(0, 1)
        self.split.setStretchFactor(1, 0)
        centre.setMinimumWidth(300)
        self.side.setMinimumWidth(200)
        self.split.splitterMoved.connect(self._remember_width)

        body = QHBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.rail)
        body.addWidget(self.split, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.top)
        outer.addLayout(body, 1)
        outer.addWidget(self.status)
        self.top.find_field.clicked.connect(self.open_palette)
        self.top.undo.clicked.connect(self.actions_by_id["undo"].trigger)
        self.top.redo.clicked.connect(self.actions_by_id["redo"].trigger)

    # --- responding -------------------------------------------------------------------------

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.HISTORY | Changes.HEAD | Changes.DOCUMENT):
            self._say_undo()
        self._unsaid |= changes
        self.turns.later(self._say_rest)

    def _say_rest(self) -> None:
        """What no key depends on: title, status line and tabs."""
        changes, self._unsaid = self._unsaid, Changes.NONE
        document = self.session.document
        if changes & (Changes.DOCUMENT | Changes.HISTORY):
            if document is None:
                self.top.set_title(tr("Nothing open"), "")
            else:
                at = document.saved_at
                saved = tr("saved {0}").format(clock(at)) if at is not None else ""
                if document.read_only:
                    saved = tr("read only, open in another window")
                self.top.set_title(document.title, saved)
                self.setWindowTitle(f"{document.title} — Pentimento")
        if changes & (Changes.HEAD | Changes.PIXELS | Changes.DOCUMENT | Changes.ENGINE):
            self._say_status()
        tabs = self.session.results
        count = len(tabs.slots) if tabs is not None else 0
        ideas = len(document.history.nodes) if document is not None else 0
        said = (
            tr("Results {0}").format(count) if count else tr("Results"),
            tr("History {0}").format(ideas) if ideas else tr("History"),
        )
        if said == tuple(map(self.tabs.tabText, range(2))):
            return  # a layout of the whole column
        for number, text in enumerate(said):
            self.tabs.setTabText(number, text)
        self.folding.place_tabs()

    def _say_undo(self) -> None:
        document = self.session.document
        undo, redo = self.actions_by_id["undo"], self.actions_by_id["redo"]
        history = document.history if document is not None else None
        can_undo = history is not None and history.can_undo
        target = history.redo_target if history is not None else None
        undo.setEnabled(can_undo)
        redo.setEnabled(target is not None)
        undo.setText(tr("Undo"))
        redo.setText(tr("Redo"))
        if history is not None and can_undo:
            undo.setText(tr("Undo “{0}”").format(short(history.label(history.current.id))))
        if history is not None and target is not None:
            redo.setText(tr("Redo “{0}”").format(short(history.label(target))))
        for button, action in ((self.top.undo, undo), (self.top.redo, redo)):
            button.setEnabled(action.isEnabled())
            key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            why = "" if action.isEnabled() else tr("There is nothing to go to.")
            button.explain(action.text(), key, why)

    def _say_status(self) -> None:
        status, session = self.status, self.session
        narrow = self.width() < NARROW
        status.offline.set_text(
            tr("Offline") if narrow else tr("Offline. Nothing leaves this computer.")
        )
        facts = session.engine_facts
        status.device.set_text(facts.device if facts is not None else tr("Engine is starting"))
        status.models.set_text(commands.models_line())
        image = session.image
        if image is None:
            status.size_label.set_text("")
            status.depth_label.set_text("")
            return
        status.size_label.set_text(f"{image.width} × {image.height}")
        status.depth_label.set_text(commands.depth_line(image))

    # --- layout -----------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """What the first paint can do without comes a moment after it."""
        super().showEvent(event)
        if not self._begun:
            self._begun = True
            self.later(BEGIN_MS, self._begin)

    def _begin(self) -> None:
        self.prompt.load_words()
        self.looking.show_samples()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Folds what does not fit, at the widths of the design."""
        super().resizeEvent(event)
        self.folding.arrange()
        self.looking.close_popover()
        self._say_status()

    def _remember_width(self) -> None:
        if self.width() >= NARROW:
            self.settings.set("side_width", min(520, max(280, self.side.width())))

    def show_only_picture(self, on: bool = True) -> None:
        """Nothing but the picture, and back."""
        for part in (self.top, self.rail, self.options, self.prompt, self.status, self.side):
            part.setVisible(not on)
        if not on:
            self.folding.arrange()

    def show_side(self, on: bool = True) -> None:
        """The side column, or more room for the picture."""
        self.folding.show_side(on)

    def search_ideas(self) -> None:
        """Ctrl+F: the map, with the caret in its field."""
        self.stage.set_view("map")
        if self.stage.view == "map":
            self.map.search()

    def show_full_screen(self, on: bool = True) -> None:
        """The whole screen."""
        if on:
            self.showFullScreen()
        else:
            self.showNormal()

    def why(self) -> None:
        """The popover with the sliders of the ranking."""
        self.looking.why()

    def escape(self) -> None:
        """One step out: page, popover, stroke, job, painting, comparison, result."""
        self.looking.escape()

    def step_region(self, step: int) -> None:
        """F6: prompt, results, history, tools, options, canvas."""
        self.looking.step_region(step)

    # --- things the window itself does ---------------------------------------------------------

    def open_palette(self) -> None:
        """The command field: everything that can be done, found by its words."""
        self.palette_field.open_with(palette_commands(self.actions_by_id))

    def result_menu(self, key: str, at: QPoint) -> None:
        """⋯ and right click on a card."""
        self.session.view.look_at(key)
        menu = QMenu(self)
        menu.setObjectName("result-menu")
        for name in (
            "keep", "refine", "view_side", "paint_in", "more_like", "set_aside", "save_result",
            "copy_seed", "copy_request", "view_changes",
        ):  # fmt: skip
            menu.addAction(self.actions_by_id[name])
        menu.popup(at)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A picture or a document may be dropped."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped."""
        self.commands.clipboard.drop(event.mimeData())
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing is unsaved, so nothing is asked."""
        document = self.session.document
        if document is not None:
            self.settings.set("last_document", str(document.path))
        self.settings.set("geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        self.hide()  # what is still on its way to the disk is written behind a closed window
        try:
            self.session.close()
        except ExpectedError as error:
            self.show()
            self.session.messages.fail(error)
            event.ignore()
            return
        event.accept()

    def restore(self) -> None:
        """Size and place of the last time."""
        saved = str(self.settings["geometry"])
        if saved:
            self.restoreGeometry(QByteArray.fromBase64(saved.encode()))

    def changeEvent(self, event: QEvent) -> None:
        """Repaint where the palette changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.update()

    def sizeHint(self) -> QSize:
        """The size it was designed at."""
        return QSize(1440, 900)

    def later(self, ms: int, function: Callable[[], None]) -> None:
        """Call once, after some time, unless the window is gone."""
        QTimer.singleShot(ms, self, function)


def short(text: str, most: int = 40) -> str:
    """A label shortened for a menu."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
