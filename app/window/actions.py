"""Everything that can be done, in one table: menus, keys, command field and help use it.

Whether an action can be done and whether it is ticked stands in its row, as a condition over a
`WindowView`; nothing else enables, disables or ticks an action.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.window import conditions as when
from app.window.conditions import Condition
from app.window.window_view import WindowView


@dataclass(frozen=True)
class ActionInfo:
    """One row.

    Attributes:
        id: stable name, also the QAction's object name.
        text: what menus and the command field say.
        menu: menu it stands in, "" for none (the command field still finds it).
        keys: default shortcuts, the first is shown.
        icon: Lucide name or "".
        group: actions of one menu are separated where the group changes.
        enabled_when: whether it can be done now.
        checked_when: whether it is ticked; None for an action without a tick.
        exclusive: name of the group in which one is ticked.
        named_text: what it says with the name of what it acts on in place of {0}; "" for `text`.
        named_by: that name; "" where there is none now.
    """

    id: str
    text: str
    menu: str = ""
    keys: tuple[str, ...] = ()
    icon: str = ""
    group: int = 0
    enabled_when: Condition = when.always
    checked_when: Condition | None = None
    exclusive: str = ""
    named_text: str = ""
    named_by: Callable[[WindowView], str] | None = None


def _t(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Actions", text))


MENUS: Final = (
    ("file", _t("&File")),
    ("edit", _t("&Edit")),
    ("select", _t("&Select")),
    ("picture", _t("&Picture")),
    ("history", _t("&History")),
    ("view", _t("&View")),
    ("help", _t("Hel&p")),
)

# fmt: off
A = ActionInfo
ACTIONS: Final[tuple[ActionInfo, ...]] = (
    # File
    A("open", _t("Open…"), "file", ("Ctrl+O",), "folder-open"),
    A("open_sample", _t("Open a sample"), "file", (), "image"),
    A("new_empty", _t("Close the picture and start empty"), "file", ("Ctrl+N",)),
    A("new_from_words", _t("New from words…"), "file", ("Ctrl+Shift+N",), "image-plus"),
    A("name_document", _t("Name the document…"), "file", ("Ctrl+S",), group=1,
      enabled_when=when.has_document),
    A("save_copy", _t("Save a copy…"), "file", ("Ctrl+Shift+S",), group=1,
      enabled_when=when.has_document),
    A("export", _t("Export the picture…"), "file", ("Ctrl+Shift+E",), "download", group=1,
      enabled_when=when.has_document),
    A("close_document", _t("Close the document"), "file", ("Ctrl+W",), group=2),
    A("quit", _t("Quit"), "file", ("Ctrl+Q",), group=2),
    # Edit
    A("undo", _t("Undo"), "edit", ("Ctrl+Z", "Ctrl+Alt+Z"), "undo-2",
      enabled_when=when.can_undo, named_text=_t("Undo “{0}”"), named_by=lambda v: v.undo_label),
    A("redo", _t("Redo"), "edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2",
      enabled_when=when.can_redo, named_text=_t("Redo “{0}”"), named_by=lambda v: v.redo_label),
    A("copy", _t("Copy the picture"), "edit", ("Ctrl+C",), "copy", group=1,
      enabled_when=when.has_document),
    A("paste", _t("Paste a picture"), "edit", ("Ctrl+V",), "clipboard-paste", group=1),
    A("prompt", _t("Say what should change"), "edit", ("Ctrl+L",), group=2),
    A("run", _t("Run"), "edit", ("Ctrl+Return",), group=2),
    A("again", _t("Again with new seeds"), "edit", ("Ctrl+R",), "refresh-cw", group=2),
    A("explore", _t("Explore the suggestions"), "edit", ("Ctrl+Shift+Return",), "layout-grid", 2,
      enabled_when=when.can_explore),
    A("refine", _t("Refine at full quality"), "edit", (), "wand-sparkles", group=2,
      enabled_when=when.can_refine),
    A("more_like", _t("More like the chosen one"), "edit", ("Ctrl+Shift+R",), group=2),
    A("prompt_earlier", _t("Earlier words"), "edit", ("Alt+Up",), group=3),
    A("prompt_later", _t("Later words"), "edit", ("Alt+Down",), group=3),
    # Select
    A("select_all", _t("Select everything"), "select", ("Ctrl+A",), enabled_when=when.has_document),
    A("select_none", _t("Select nothing"), "select", ("Ctrl+D",)),
    A("select_again", _t("Select again"), "select", ("Ctrl+Shift+D",)),
    A("select_invert", _t("Invert the selection"), "select", ("Ctrl+Shift+I",)),
    A("select_feather", _t("Feather inwards…"), "select", (), group=1),
    A("select_edges", _t("Show the edge"), "select", ("Ctrl+H",), group=2,
      checked_when=lambda v: v.shows_edges),
    A("select_overlay", _t("Show as overlay"), "select", ("Q",), group=2,
      checked_when=lambda v: v.shows_overlay),
    # Picture
    A("straighten", _t("Straighten…"), "picture", ()),
    A("crop_square", _t("Crop to square"), "picture", (), "crop"),
    A("crop_3_2", _t("Crop to 3:2"), "picture", (), "crop"),
    A("crop_16_9", _t("Crop to 16:9"), "picture", (), "crop"),
    A("fade", _t("Fade the result"), "picture", ("F",), "blend", group=1,
      enabled_when=when.can_fade),
    A("paint_in", _t("Paint in another result"), "picture", ("P",), "brush", group=1,
      enabled_when=when.can_paint_in),
    A("keep", _t("Keep this"), "picture", ("Return", "Enter"), "check", group=2,
      enabled_when=when.has_choice),
    A("set_aside", _t("Set aside"), "picture", ("Delete",), group=2, enabled_when=when.has_choice),
    A("save_result", _t("Save a copy of the result…"), "picture", (), group=2,
      enabled_when=when.has_choice),
    A("copy_seed", _t("Copy the seed"), "picture", (), group=3, enabled_when=when.has_choice),
    A("copy_request", _t("Copy the recipe"), "picture", (), group=3, enabled_when=when.has_choice),
    # History
    A("history_parent", _t("To the idea before"), "history", ("Alt+Left",)),
    A("history_child", _t("To the idea after"), "history", ("Alt+Right",)),
    A("history_sister_up", _t("To the branch above"), "history", ("Alt+PgUp",)),
    A("history_sister_down", _t("To the branch below"), "history", ("Alt+PgDown",)),
    A("star", _t("Star"), "history", ("S",), "star", group=1),
    A("rename", _t("Name this idea…"), "history", ("F2",), group=1),
    A("note", _t("Write a note…"), "history", ("N",), group=1),
    A("history_search", _t("Search the history"), "history", ("Ctrl+F",), "search", group=2),
    # View
    A("view_picture", _t("Picture"), "view", (), "image",
      exclusive="view", checked_when=when.shows("picture")),
    A("view_wipe", _t("Wipe"), "view", ("Y",), "square-split-horizontal",
      exclusive="view", checked_when=when.shows("wipe")),
    A("view_side", _t("Side by side"), "view", ("C",), "columns-2",
      exclusive="view", checked_when=when.shows("side")),
    A("view_all", _t("All results"), "view", ("G",), "layout-grid",
      exclusive="view", enabled_when=when.has_finished_result, checked_when=when.shows("all")),
    A("view_changes", _t("Changes"), "view", ("D",), "diff",
      exclusive="view", checked_when=when.shows("changes")),
    A("view_map", _t("Map of ideas"), "view", ("F7",), "git-fork",
      exclusive="view", checked_when=when.shows("map")),
    A("swap_sides", _t("Swap the sides"), "view", ("X",), "arrow-left-right", group=1),
    A("why", _t("Why this order"), "view", ("I",), "info", group=1, enabled_when=when.is_ranked),
    A("live", _t("Live: show what the words would do"), "view", (), group=1,
      checked_when=lambda v: v.is_live),
    A("show_methods", _t("Show how each was made"), "view", (), group=1,
      checked_when=lambda v: v.shows_methods),
    A("zoom_in", _t("Zoom in"), "view", ("Ctrl++", "Ctrl+="), group=2),
    A("zoom_out", _t("Zoom out"), "view", ("Ctrl+-",), group=2),
    A("zoom_fit", _t("Fit the window"), "view", ("Ctrl+0",), group=2),
    A("zoom_100", _t("100 %"), "view", ("Ctrl+1",), group=2),
    A("zoom_200", _t("200 %"), "view", ("Ctrl+2",), group=2),
    A("zoom_400", _t("400 %"), "view", ("Ctrl+3",), group=2),
    A("zoom_800", _t("800 %"), "view", ("Ctrl+4",), group=2),
    A("only_picture", _t("Only the picture"), "view", ("Shift+F",), group=3,
      checked_when=lambda v: v.only_picture),
    A("side_column", _t("Side column"), "view", ("F9",), group=3,
      checked_when=lambda v: v.shows_side),
    A("full_screen", _t("Full screen"), "view", ("F11",), group=3,
      checked_when=lambda v: v.full_screen),
    A("theme_system", _t("Theme of the system"), "view", group=4,
      exclusive="theme", checked_when=when.has_theme("system")),
    A("theme_dark", _t("Dark theme"), "view", group=4,
      exclusive="theme", checked_when=when.has_theme("dark")),
    A("theme_light", _t("Light theme"), "view", group=4,
      exclusive="theme", checked_when=when.has_theme("light")),
    A("theme_high-contrast", _t("High-contrast theme"), "view", group=4,
      exclusive="theme", checked_when=when.has_theme("high-contrast")),
    # Help
    A("find_command", _t("Find a command"), "help", ("Ctrl+K",), "search"),
    A("show_keys", _t("Keys"), "help", ("F1", "Shift+?"), "keyboard"),
    A("show_words", _t("Words it understands"), "help", ()),
    A("show_models", _t("Models"), "help", ()),
    A("open_home", _t("Open the folder with settings and logs"), "help", (), group=1),
    A("about", _t("About Pentimento"), "help", (), group=1),
    # Tools and keys without a menu
    A("tool_pan", _t("Pan"), "", ("H",), "hand", exclusive="tool", checked_when=when.holds("pan")),
    A("tool_zoom", _t("Zoom"), "", ("Z",), "search",
      exclusive="tool", checked_when=when.holds("zoom")),
    A("tool_rectangle", _t("Select a rectangle"), "", ("M",), "square-dashed",
      exclusive="tool", checked_when=when.holds("rectangle")),
    A("tool_ellipse", _t("Select an ellipse"), "", ("Shift+M",), "circle-dashed",
      exclusive="tool", checked_when=when.holds("ellipse")),
    A("tool_lasso", _t("Lasso"), "", ("L",), "lasso",
      exclusive="tool", checked_when=when.holds("lasso")),
    A("tool_brush", _t("Selection brush"), "", ("B",), "brush",
      exclusive="tool", checked_when=when.holds("brush")),
    A("tool_eraser", _t("Selection eraser"), "", ("E",), "eraser",
      exclusive="tool", checked_when=when.holds("eraser")),
    A("brush_smaller", _t("Smaller brush"), "", ("[", ",")),
    A("brush_larger", _t("Larger brush"), "", ("]", ".")),
    A("brush_softer", _t("Softer brush"), "", ("Shift+[", "{")),
    A("brush_harder", _t("Harder brush"), "", ("Shift+]", "}")),
    A("next_region", _t("Next region"), "", ("F6",)),
    A("previous_region", _t("Previous region"), "", ("Shift+F6",)),
    A("escape", _t("One step out"), "", ("Esc",)),
    A("look_0", _t("Look at the current picture"), "", ("0",)),
    *(A(f"look_{n}", _t("Look at a result"), "", (str(n), f"Alt+{n}")) for n in range(1, 10)),
)
# fmt: on
BY_ID: Final = {a.id: a for a in ACTIONS}
