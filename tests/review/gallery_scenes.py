"""The samples shown by the gallery, one function per sheet."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QWidget

from app.canvas.canvas import Canvas
from app.canvas.display_tiles import WORKER
from app.canvas.overlays import Pane
from app.canvas.viewport import ViewMode
from app.theme.theme import look
from app.widgets.basics.buttons import LinkButton, PushButton, ToolButton
from app.widgets.basics.choice import Choice, ChoiceButton
from app.widgets.basics.command_palette import Command, CommandPalette
from app.widgets.basics.empty_state import DropFrame, InfoCard, Nothing, NothingTried, PictureTile
from app.widgets.basics.labels import PanelHeader, QuietLabel, Sentence
from app.widgets.basics.message_line import LineMessage
from app.widgets.basics.painting import FocusRing
from app.widgets.basics.popover import Popover, SlideOver
from app.widgets.basics.segments import ViewSwitch
from app.widgets.basics.sliders import WordSlider
from app.widgets.basics.switch import Switch
from app.widgets.cards.card_model import CardData
from app.widgets.cards.result_list import ResultFoot, ResultList
from app.widgets.cards.score_bars import ScoreData
from app.widgets.history_graph.history_list import HistoryList
from app.widgets.prompt.chips import ChipRow
from app.widgets.prompt.diff import DiffSpan, plain_text
from app.widgets.prompt.prompt_box import PromptBox
from tests.app.canvas.canvas_cases import pyramid_of
from tests.review.gallery_samples import (
    CHIPS,
    PINK,
    VIEWS,
    cards_data,
    history_rows,
    history_thumbnail,
    idea,
    image_pyramid,
    picture,
    row,
)
from tests.review.gallery_sheet import Caption, DiffSample, Sheet


def buttons() -> QWidget:
    """Buttons of all kinds and states."""
    sheet = Sheet(900)
    gold = PushButton("Keep this", kind="gold", key="Enter")
    off = PushButton("Keep this", kind="gold", key="Enter")
    off.setEnabled(False)
    down = PushButton("Compare", key="C")
    down.setDown(True)
    big = PushButton("Run", kind="gold", key="Enter", height=40)
    big.set_least_width(122)
    again = PushButton("Again", key="Ctrl R", height=40)
    again.set_least_width(122)
    cancel = PushButton("Cancel", key="Esc", height=40)
    cancel.set_least_width(122)
    focused = PushButton("Focused", key="F")
    with_icon = PushButton("Open", icon_name="folder-open", key="Ctrl O")
    flat = PushButton("Flat", kind="flat")
    sheet.add(Caption("Push buttons"), row(gold, off, PushButton("Compare", key="C"), down, flat))
    sheet.add(row(big, again, cancel, focused, with_icon, gap=14))
    names = ("hand", "square-dashed", "lasso", "brush", "wand", "scan-text", "scan-search",
             "undo-2", "redo-2", "ellipsis", "star", "lock")  # fmt: skip
    tools = [ToolButton(n, n.title(), "H", checkable=True) for n in names]
    tools[0].setChecked(True)
    tools[8].setEnabled(False)
    sheet.add(Caption("Tools"), row(*tools, gap=4))
    choice = ChoiceButton("Method", (Choice("a", "Auto"), Choice("b", "InstructPix2Pix")))
    on, no = Switch("Learns"), Switch("Learns not")
    on.setChecked(True)
    sheet.add(Caption("Choice, link, switch"))
    sheet.add(row(choice, LinkButton("Add a model"), LinkButton("Got it"), on, no, gap=18))
    switch, narrow = ViewSwitch(VIEWS), ViewSwitch(VIEWS)
    narrow.set_compact(True)
    narrow.set_current("side")
    sheet.add(Caption("View switch"), row(switch, narrow, gap=30))
    ring = FocusRing(sheet)
    sheet.show()
    ring.show_on(focused)
    return sheet


def diffs() -> QWidget:
    """The one drawing of diffs."""
    sheet = Sheet(700)
    samples = (
        (DiffSpan("insert", "dew"), DiffSpan("plain", "on the petals")),
        (DiffSpan("delete", "fence"),),
        PINK,
        (DiffSpan("swap", "red", "blue"), DiffSpan("plain", "houses")),
        plain_text("as a watercolour"),
        (DiffSpan("plain", "a"), *PINK, DiffSpan("plain", "against a dark violet background with"),
         DiffSpan("insert", "very many words that do not fit into the line")),
    )  # fmt: skip
    for spans in samples:
        sheet.add(DiffSample(spans))
    sheet.add(Caption("Large"), DiffSample(PINK, size=16))
    return sheet


def prompts() -> QWidget:
    """The prompt box, state by state, with its chips."""
    sheet = Sheet(1064)
    methods = (Choice("auto", "Auto", sentence="Picks what fits"), Choice("x", "pix2pix-zero"))

    def box(text: str, state: str, message: LineMessage | None, **more: object) -> PromptBox:
        it = PromptBox()
        it.set_methods(methods)
        it.set_hint("Say what should change: “make it night”")
        it.set_text(text)
        it.set_run_state(state)  # type: ignore[arg-type]
        it.set_message(message)
        if more.get("selection"):
            it.set_selection(str(more["selection"]), "scan-text")
        if more.get("progress"):
            it.set_progress(float(str(more["progress"])))
        return it

    read = (DiffSpan("plain", "a"), *PINK, DiffSpan("plain", "against a dark violet background"))
    shown = LineMessage("read_as", spans=read, editable=True)
    chips = ChipRow()
    chips.set_chips(CHIPS)
    sees = LineMessage(
        "sees", "a little red house beside an apple tree, a sunny day", editable=True
    )
    stopped = LineMessage("error",
                          "The image engine stopped and was started again. Nothing is lost.",
                          button="Run again", action="again")  # fmt: skip
    sheet.add(chips, box("turn the pink dahlia golden", "again", shown))
    sheet.add(Caption("Nothing said yet"), box("", "nothing", sees))
    sheet.add(Caption("Typing"), box("make it", "run", sees))
    running = LineMessage("progress", "Step 12 of 20, about 14 s left")
    sheet.add(Caption("Running, with a selection"))
    sheet.add(box("make the teapot copper", "cancel", running, selection="Teapot", progress=0.6))
    sheet.add(Caption("Error"), box("make it night", "run", stopped))
    narrow = box("turn the red vase cobalt blue", "again", shown)
    narrow.set_compact(True)
    narrow.setMaximumWidth(676)
    small = ChipRow("Try one")
    small.setMaximumWidth(560)
    small.set_chips(CHIPS)
    sheet.add(Caption("Narrow"), small, narrow)
    return sheet


def results() -> QWidget:
    """Results: ranked, running, narrow, square pictures."""
    sheet = Sheet(1100, "panel")
    sheet.column.setContentsMargins(0, 0, 0, 0)
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(24)
    running = [
        CardData("a", 1, picture(200, 200, 0.1), "Ready: more brass than copper",
                 (ScoreData("Words", 0.5, 0.35), ScoreData("Picture", 0.94, 0.6),
                  ScoreData("Beauty", 0.7))),
        CardData("b", 2, picture(200, 200, 0.3), state="forming", progress=0.6,
                 method="InstructPix2Pix"),
        CardData("c", 3, picture(200, 200, 0.4), state="forming", progress=0.3,
                 method="InstructPix2Pix"),
        CardData("d", 4, None, state="waiting", method="pix2pix-zero"),
    ]  # fmt: skip
    for width, rows, title in (
        (348, cards_data(), "4 in 21 s"),
        (348, running, "1 of 4, about 14 s left"),
        (276, cards_data(90, 90), "4"),
    ):
        column = Sheet(width, "panel")
        column.column.setContentsMargins(0, 0, 0, 0)
        column.column.setSpacing(0)
        column.setFixedWidth(width)
        header = PanelHeader("Results")
        header.say("Results", title)
        header.add(ToolButton("info", "Why this order", "I", size=30, icon_size=16))
        cards = ResultList()
        cards.set_rows(rows)
        cards.set_marks("a", "b" if width == 276 else "")
        cards.setFixedHeight(cards.height_for(4, 1))
        foot = ResultFoot()
        foot.set_recipe("InstructPix2Pix, seed 4021, 6.2 s")
        column.add(header, cards, foot)
        line.addWidget(column, 0, Qt.AlignmentFlag.AlignTop)
    sheet.add(holder)
    return sheet


def history() -> QWidget:
    """The history, short and long."""
    sheet = Sheet(760, "panel")
    night = (DiffSpan("plain", "background"), DiffSpan("insert", "at night"))
    long = [
        idea("a", "", 0.1, plain_text("dahlia.jpg"), "t"),
        idea("b", "a", 0.6, (DiffSpan("replace", "pink", "blue"),)),
        idea("c", "a", 0.5, (DiffSpan("replace", "pink", "ivory"),), "f"),
        idea("d", "a", 0.15, PINK, "t"),
        idea("e", "d", 0.4, (DiffSpan("replace", "violet", "teal"),), "s"),
        idea("f", "d", 0.9, (DiffSpan("replace", "violet", "wine red"),)),
        idea("g", "d", 0.7, night, "th"),
        idea("h", "g", 0.3, plain_text("muted, softer, with much grain in the shadows"), "t"),
    ]
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    for rows in (history_rows(), long):
        column = Sheet(348, "panel")
        column.column.setContentsMargins(0, 0, 0, 0)
        column.column.setSpacing(0)
        column.setFixedWidth(348)
        header = PanelHeader("History")
        header.add(ToolButton("git-fork", "Map", "F7", size=30, icon_size=16))
        header.add(ToolButton("search", "Search", "Ctrl+F", size=30, icon_size=16))
        ideas = HistoryList()
        ideas.set_thumbnails(history_thumbnail)
        ideas.set_rows(rows)
        ideas.setFixedHeight(360)
        column.add(header, ideas)
        line.addWidget(column, 0, Qt.AlignmentFlag.AlignTop)
    sheet.add(holder)
    return sheet


def empty() -> QWidget:
    """Nothing tried, nothing open."""
    sheet = Sheet(1060, "panel")
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    column = NothingTried()
    column.setFixedSize(348, 560)
    column.set_samples([PictureTile(str(n), "Sample", picture(140, 140, n / 4)) for n in range(4)])
    column.set_card(
        InfoCard(
            "Starter models are ready",
            "They know storybook scenes like these. On photographs they change tone and colour.",
            (("add", "Add a model"), ("ok", "Got it")),
        )
    )
    drop = DropFrame()
    drop.setFixedSize(640, 560)
    line.addWidget(column)
    line.addWidget(drop)
    sheet.add(holder)
    honest = "Tone and colour need none. Others can be added; nothing is fetched by itself."
    nothing = Nothing("package", "No models yet", honest, "Add a model")
    nothing.setFixedWidth(348)
    sheet.add(nothing)
    return sheet


def overlays() -> QWidget:
    """Popover, command palette, a page over the column."""
    sheet = Sheet(1100)
    sheet.setFixedSize(1100, 560)
    words = ("none", "a little", "some", "more", "most")
    popover = Popover("Why this order", sheet)
    why = "Result 1 goes furthest towards “cobalt blue” and leaves the room as it was."
    popover.body.addWidget(Sentence(why))
    for name, value in (("Follow the words", 4), ("Keep the picture", 2), ("Beauty", 1)):
        popover.body.addWidget(WordSlider(name, words, value))
    learns = Switch("Learns from what you keep")
    learns.setChecked(True)
    line = QHBoxLayout()
    line.addWidget(learns)
    line.addWidget(QuietLabel("Learns from what you keep", size=13, token="text"))
    line.addStretch(1)
    line.addWidget(LinkButton("Reset"))
    popover.body.addLayout(line)
    palette = CommandPalette(sheet)
    column = SlideOver(QWidget(), sheet)
    column.setGeometry(740, 0, 340, 560)
    sheet.show()
    palette.open_with(
        (
            Command("open", "Open", "Ctrl O", "File", "folder-open"),
            Command("save", "Save a copy", "Ctrl Shift S", "File", "save"),
            Command("wipe", "Wipe", "Y", "View", "square-split-horizontal"),
            Command("keep", "Keep this", "Enter", "Edit", "check",
                    "There is no result to keep yet"),
            Command("theme", "Switch between light and dark", "", "View", "contrast"),
        )
    )  # fmt: skip
    palette.move(100, 230)
    popover.open_at(QPoint(420, 10))
    page = Nothing("package", "Starter models", "Ready. They know storybook scenes.")
    look().set_motion(False)
    column.open_page("models", "Models", page)
    look().set_motion(None)
    return sheet


def canvases() -> QWidget:
    """The canvas: selection with feather, wipe, side by side, all, changes, transparency."""
    sheet = Sheet(1500)
    grid = QGridLayout()
    grid.setSpacing(12)
    sheet.column.addLayout(grid)
    made = [image_pyramid(picture(960, 640, hue)) for hue in (0.1, 0.35, 0.55, 0.8)]
    panes = [
        Pane(str(n), made[n], n + 1, text, key, hint)
        for n, (text, key, hint) in enumerate(
            (("Follows the words best", "Enter", "keeps it"),
             ("Keeps more of the sky", "→", "choose it"), ("Later than asked", "", ""),
             ("Warmer, but no sunset yet", "", ""))
        )
    ]  # fmt: skip
    y, x = np.mgrid[0:640, 0:960]
    away = np.hypot(x - 560, (y - 300) * 1.3)
    soft = np.clip((230 - away) / 60 * 255, 0, 255).astype(np.uint8)
    views: tuple[ViewMode, ...] = ("picture", "wipe", "side", "all", "changes", "picture")
    for number, view in enumerate(views):
        canvas = Canvas()
        canvas.setFixedSize(710, 420)
        canvas.set_picture(made[0])
        canvas.set_before(made[1])
        canvas.set_pair(panes[0], panes[1])
        canvas.set_sheet(panes)
        canvas.painter.set_changes(np.clip(1 - away / 300, 0, 1)[::4, ::4], "34 of 255")
        canvas.set_view(view)
        if number == 0:
            canvas.tools.set_tool("ellipse")
            canvas.overlay.set_selection(soft)
        if number == 5:
            clear = np.full((64, 96, 4), 200, np.uint8)
            clear[:, :, 3] = np.linspace(0, 255, 96).astype(np.uint8)[None]
            canvas.set_picture(pyramid_of(clear))
            hard = np.zeros((64, 96), np.uint8)
            hard[20:40, 30:60] = 255
            canvas.overlay.set_selection(hard)
            look().set_motion(False)
            canvas.zoom_to(1000)
            look().set_motion(None)
        grid.addWidget(canvas, number // 2, number % 2)
    sheet.show()
    for _ in range(4):
        for canvas in sheet.findChildren(Canvas):
            canvas.grab()
        WORKER.wait_idle()
        QApplication.processEvents()
    return sheet


SCENES: dict[str, Callable[[], QWidget]] = {
    "buttons": buttons,
    "diffs": diffs,
    "prompts": prompts,
    "results": results,
    "history": history,
    "empty": empty,
    "overlays": overlays,
    "canvases": canvases,
}
