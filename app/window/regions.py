from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.canvas.mip_cache import MipCache
from app.canvas.thumbnails import Thumbnails
from app.panels.chat_panel import ChatPanel
from app.panels.history_panel import HistoryPanel
from app.panels.home import HomePanel
from app.panels.idea_sheet import IdeaSheet
from app.panels.ideas_panel import IdeasPanel
from app.panels.map import MapPanel
from app.panels.prompt import PromptPanel
from app.panels.results_panel import ResultsPanel
from app.panels.stage import StagePanel
from app.panels.suggestion_pictures import SuggestionPictures
from app.runtime.settings import Settings
from app.runtime.ui_scheduler import UiScheduler
from app.session.recent_list import RecentList
from app.session.session import Session
from app.widgets.basics.empty_state import DropFrame, NothingTried
from app.widgets.basics.popover import SlideOver
from app.window.action_set import ActionSet
from app.window.box_tasks import connect_chat, connect_tasks, make_chat, make_sheet
from app.window.options_bar import OptionsBar
from app.window.rooms import Rooms
from app.window.side_column import SideColumn
from app.window.status_bar import StatusBar
from app.window.tool_memory import ToolMemory
from app.window.tool_options_row import ToolOptionsRow
from app.window.tool_rail import ToolRail
from app.window.top_bar import TopBar


@dataclass(frozen=True)
class Regions:
    """The parts of the window, as they lie in it.

    Attributes:
        top: menus, title, command field.
        rail: tools.
        options: over the canvas.
        stage: the canvas, the map in its place, or `drop`.
        prompt: suggestions, prompt box, message line.
        home: the room without a picture.
        rooms: which of `home` and the rest, the workspace, is in front.
        split: stage beside `side`.
        side: `column`, and pages that slide over it.
        column: `results` (or `empty`), `chat` or `ideas` above `history`.
        sheet: in the place of options and stage while `ideas` is in front.
        status: foot of the window.
    """

    top: TopBar
    rail: ToolRail
    options: OptionsBar
    drop: DropFrame
    stage: StagePanel
    prompt: PromptPanel
    empty: NothingTried
    results: ResultsPanel
    chat: ChatPanel
    ideas: IdeasPanel
    sheet: IdeaSheet
    history: HistoryPanel
    map: MapPanel
    status: StatusBar
    column: SideColumn
    side: SlideOver
    split: QSplitter
    home: HomePanel
    rooms: Rooms


def build_regions(
    window: QWidget,
    session: Session,
    settings: Settings,
    thumbnails: Thumbnails,
    mips: MipCache,
    scheduler: UiScheduler,
    actions: ActionSet,
    recent: RecentList,
) -> Regions:
    """Make every part of the window and lay them out. Tab goes through them as they are made."""
    top = TopBar(session, actions, scheduler, window)
    rail = ToolRail(actions, window)
    options = OptionsBar(window)
    drop = DropFrame(window)
    stage = StagePanel(session, mips, drop, window)
    prompt = PromptPanel(session, settings, window)
    SuggestionPictures(session, prompt.row.previews, prompt.chips, thumbnails, prompt)
    empty = NothingTried(window)
    results = ResultsPanel(session, thumbnails, scheduler, empty, window)
    chat = ChatPanel(session, make_chat(session, prompt), thumbnails, scheduler, window)
    ideas = IdeasPanel(session, make_sheet(session, prompt), scheduler, window)
    sheet = IdeaSheet(ideas.sheet, thumbnails, scheduler, window)
    history = HistoryPanel(session, thumbnails, scheduler, window)
    map_ = MapPanel(session, thumbnails, scheduler, window)
    stage.set_map(map_)
    options.add_tools(map_.tools)
    ToolMemory(stage.canvas.tools, settings, stage)
    options.add_tool_options(ToolOptionsRow(stage.canvas.tools, window))
    status = StatusBar(session, scheduler, window)
    column = SideColumn(session, results, chat, ideas, history, scheduler, window)
    connect_chat(prompt, results, column, chat, actions)
    ideas.action_asked.connect(prompt.action_asked)
    side = SlideOver(column, window)
    side.setObjectName("side")
    split = QSplitter(Qt.Orientation.Horizontal, window)
    home = HomePanel(session, recent, thumbnails, window)
    stack, workspace = QStackedWidget(window), QWidget(window)
    stack.addWidget(workspace)
    stack.addWidget(home)
    rooms = Rooms(stack, workspace, home, session, recent)
    regions = Regions(
        top, rail, options, drop, stage, prompt, empty, results, chat, ideas, sheet, history,
        map_, status, column, side, split, home, rooms,
    )  # fmt: skip
    _lay_out_workspace(workspace, regions)
    outer = _stacked(QVBoxLayout(window))
    outer.addWidget(regions.top)
    outer.addWidget(stack, 1)
    outer.addWidget(regions.status)
    return regions


def _lay_out_workspace(workspace: QWidget, regions: Regions) -> None:
    centre = QWidget(workspace)
    over = QWidget(centre)
    canvas = _stacked(QVBoxLayout(over))
    canvas.addWidget(regions.options)
    canvas.addWidget(regions.stage, 1)
    pages = QStackedWidget(centre)
    pages.addWidget(over)
    pages.addWidget(regions.sheet)
    connect_tasks(regions.prompt, regions.column, regions.chat, regions.ideas, pages, regions.sheet)
    middle = _stacked(QVBoxLayout(centre))
    middle.addWidget(pages, 1)
    middle.addWidget(regions.prompt)
    split = regions.split
    split.setObjectName("split")
    split.setHandleWidth(0)
    split.setChildrenCollapsible(False)
    split.addWidget(centre)
    split.addWidget(regions.side)
    split.setStretchFactor(0, 1)
    split.setStretchFactor(1, 0)
    centre.setMinimumWidth(300)
    regions.side.setMinimumWidth(200)
    body = QHBoxLayout(workspace)
    body.setContentsMargins(0, 0, 0, 0)
    body.setSpacing(0)
    body.addWidget(regions.rail)
    body.addWidget(split, 1)


def _stacked(layout: QVBoxLayout) -> QVBoxLayout:
    """A column without gaps."""
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    return layout
