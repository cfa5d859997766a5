"""Everything that can be done, in one table: menus, keys, command field and help use it.

Whether an action can be done and whether it is ticked stands in its row, as a condition over a
`WindowView`; nothing else enables, disables or ticks an action.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.i18n.texts import N_
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


MENUS: Final = (
    ("file", N_("&File")),
    ("edit", N_("&Edit")),
    ("select", N_("&Select")),
    ("picture", N_("&Picture")),
    ("history", N_("&History")),
    ("view", N_("&View")),
    ("help", N_("Hel&p")),
)

# fmt: off
A = ActionInfo
ACTIONS: Final[tuple[ActionInfo, ...]] = (
    # File
    A("open", N_("Open…"), "file", ("Ctrl+O",), "folder-open"),
    A("open_sample", N_("Open a sample"), "file", (), "image"),
    A("show_home", N_("Home"), "file", ()),
    A("new_empty", N_("Close the picture and start empty"), "file", ("Ctrl+N",)),
    A("new_from_words", N_("New from words…"), "file", ("Ctrl+Shift+N",), "image-plus"),
    A("from_story", N_("Ideas from a story…"), "file", ()),
    A("name_document", N_("Name the document…"), "file", ("Ctrl+S",), group=1,
      enabled_when=when.has_document),
    A("save_copy", N_("Save a copy…"), "file", ("Ctrl+Shift+S",), group=1,
      enabled_when=when.has_document),
    A("export", N_("Export the picture…"), "file", ("Ctrl+Shift+E",), "download", group=1,
      enabled_when=when.has_document),
    A("survey", N_("Survey…"), "file", (), group=2),
    A("show_models", N_("Models…"), "file", (), "package", group=2),
    A("settings", N_("Settings…"), "file", ("Ctrl+,",), "settings", group=2),
    A("close_document", N_("Close the document"), "file", ("Ctrl+W",), group=3),
    A("quit", N_("Quit"), "file", ("Ctrl+Q",), group=3),
    # Edit
    A("undo", N_("Undo"), "edit", ("Ctrl+Z", "Ctrl+Alt+Z"), "undo-2",
      enabled_when=when.can_undo, named_text=N_("Undo “{0}”"), named_by=lambda v: v.undo_label),
    A("redo", N_("Redo"), "edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo-2",
      enabled_when=when.can_redo, named_text=N_("Redo “{0}”"), named_by=lambda v: v.redo_label),
    A("copy", N_("Copy the picture"), "edit", ("Ctrl+C",), "copy", group=1,
      enabled_when=when.has_document),
    A("paste", N_("Paste a picture"), "edit", ("Ctrl+V",), "clipboard-paste", group=1),
    A("prompt", N_("Say what should change"), "edit", ("Ctrl+L",), group=2),
    A("run", N_("Run"), "edit", ("Ctrl+Return",), group=2),
    A("again", N_("Again with new seeds"), "edit", ("Ctrl+R",), "refresh-cw", group=2),
    A("explore", N_("Explore the suggestions"), "edit", ("Ctrl+Shift+Return",), "layout-grid", 2,
      enabled_when=when.can_explore),
    A("refine", N_("Refine at full quality"), "edit", (), "wand-sparkles", group=2,
      enabled_when=when.can_refine),
    A("more_like", N_("More like the chosen one"), "edit", ("Ctrl+Shift+R",), group=2),
    A("method_menu", N_("Choose the method…"), "edit", ("Ctrl+M",), group=2),
    A("caption", N_("Captions before and after…"), "edit", ("Ctrl+Shift+L",), group=2,
      enabled_when=when.has_document),
    A("method_settings", N_("Settings of the method…"), "edit", ("Ctrl+Shift+M",),
      "sliders-horizontal", group=2),
    A("prompt_earlier", N_("Earlier words"), "edit", ("Alt+Up",), group=3),
    A("prompt_later", N_("Later words"), "edit", ("Alt+Down",), group=3),
    # Select
    A("select_all", N_("Select everything"), "select", ("Ctrl+A",), enabled_when=when.has_document),
    A("select_none", N_("Select nothing"), "select", ("Ctrl+D",)),
    A("select_again", N_("Select again"), "select", ("Ctrl+Shift+D",)),
    A("select_invert", N_("Invert the selection"), "select", ("Ctrl+Shift+I",)),
    A("select_subject", N_("Select the subject"), "select", (), "user-round", group=1,
      enabled_when=when.has_document),
    A("select_person", N_("Select people"), "select", (), group=1,
      enabled_when=when.has_document),
    A("select_background", N_("Select the background"), "select", (), group=1,
      enabled_when=when.has_document),
    A("select_feather", N_("Feather inwards…"), "select", (), group=2),
    A("select_grow", N_("Grow the selection…"), "select", (), group=2),
    A("select_shrink", N_("Shrink the selection…"), "select", (), group=2),
    A("select_smooth", N_("Smooth the selection…"), "select", (), group=2),
    A("select_refine", N_("Refine the edge…"), "select", (), group=2),
    A("select_fill_holes", N_("Fill holes"), "select", (), group=2),
    A("select_edges", N_("Show the edge"), "select", ("Ctrl+H",), group=3,
      checked_when=lambda v: v.shows_edges),
    A("select_overlay", N_("Show the mask"), "select", ("Q",), group=3,
      checked_when=lambda v: v.shows_overlay),
    # Picture
    A("rotate_left", N_("Rotate left"), "picture", ("Ctrl+[",), "rotate-ccw",
      enabled_when=when.has_document),
    A("rotate_right", N_("Rotate right"), "picture", ("Ctrl+]",), "rotate-cw",
      enabled_when=when.has_document),
    A("rotate_180", N_("Rotate by 180°"), "picture", (), enabled_when=when.has_document),
    A("flip_horizontal", N_("Flip left to right"), "picture", (), "flip-horizontal-2",
      enabled_when=when.has_document),
    A("flip_vertical", N_("Flip top to bottom"), "picture", (), "flip-vertical-2",
      enabled_when=when.has_document),
    A("straighten", N_("Straighten…"), "picture", (), group=1),
    A("crop_square", N_("Crop to square"), "picture", (), "crop", group=1),
    A("crop_3_2", N_("Crop to 3:2"), "picture", (), "crop", group=1),
    A("crop_16_9", N_("Crop to 16:9"), "picture", (), "crop", group=1),
    A("upscale_2", N_("Upscale to twice the size"), "picture", (), "scaling", group=2,
      enabled_when=when.has_document),
    A("upscale_4", N_("Upscale to four times the size"), "picture", (), "scaling", group=2,
      enabled_when=when.has_document),
    A("strength", N_("Strength of the result"), "picture", ("F",), "blend", group=3,
      enabled_when=when.can_set_strength),
    A("paint_in", N_("Paint in another result"), "picture", ("P",), "brush", group=3,
      enabled_when=when.can_paint_in),
    A("keep", N_("Keep this"), "picture", ("Return", "Enter"), "check", group=4,
      enabled_when=when.can_confirm),
    A("set_aside", N_("Set aside"), "picture", ("Delete",), group=4, enabled_when=when.has_choice),
    A("save_result", N_("Save a copy of the result…"), "picture", (), group=4,
      enabled_when=when.has_choice),
    A("copy_seed", N_("Copy the seed"), "picture", (), group=5, enabled_when=when.has_choice),
    A("copy_request", N_("Copy the recipe"), "picture", (), group=5, enabled_when=when.has_choice),
    # History
    A("history_parent", N_("To the idea before"), "history", ("Alt+Left",)),
    A("history_child", N_("To the idea after"), "history", ("Alt+Right",)),
    A("history_sister_up", N_("To the branch above"), "history", ("Alt+PgUp",)),
    A("history_sister_down", N_("To the branch below"), "history", ("Alt+PgDown",)),
    A("star", N_("Star"), "history", ("S",), "star", group=1),
    A("rename", N_("Name this idea…"), "history", ("F2",), group=1),
    A("note", N_("Write a note…"), "history", ("N",), group=1),
    A("history_search", N_("Search the history"), "history", ("Ctrl+F",), "search", group=2),
    # View
    A("view_picture", N_("Picture"), "view", (), "image",
      exclusive="view", checked_when=when.shows("picture")),
    A("view_wipe", N_("Wipe"), "view", ("Y",), "square-split-horizontal",
      exclusive="view", checked_when=when.shows("wipe")),
    A("view_side", N_("Side by side"), "view", ("C",), "columns-2",
      exclusive="view", checked_when=when.shows("side")),
    A("view_all", N_("All results"), "view", ("G",), "layout-grid",
      exclusive="view", enabled_when=when.has_finished_result, checked_when=when.shows("all")),
    A("view_changes", N_("Changes"), "view", ("D",), "diff",
      exclusive="view", checked_when=when.shows("changes")),
    A("view_map", N_("Map of ideas"), "view", ("F7",), "git-fork",
      exclusive="view", checked_when=when.shows("map")),
    A("swap_sides", N_("Swap the sides"), "view", ("X",), "arrow-left-right", group=1),
    A("why", N_("Why this order"), "view", ("I",), "info", group=1, enabled_when=when.is_ranked),
    A("live", N_("Live: show what the words would do"), "view", (), group=1,
      checked_when=lambda v: v.is_live),
    A("show_methods", N_("Show how each was made"), "view", (), group=1,
      checked_when=lambda v: v.shows_methods),
    A("zoom_in", N_("Zoom in"), "view", ("Ctrl++", "Ctrl+="), group=2),
    A("zoom_out", N_("Zoom out"), "view", ("Ctrl+-",), group=2),
    A("zoom_fit", N_("Fit the window"), "view", ("Ctrl+0",), group=2),
    A("zoom_100", N_("100 %"), "view", ("Ctrl+1",), group=2),
    A("zoom_200", N_("200 %"), "view", ("Ctrl+2",), group=2),
    A("zoom_400", N_("400 %"), "view", ("Ctrl+3",), group=2),
    A("zoom_800", N_("800 %"), "view", ("Ctrl+4",), group=2),
    A("view_turn_left", N_("Turn the view left"), "view", (), group=2,
      enabled_when=when.has_document),
    A("view_turn_right", N_("Turn the view right"), "view", (), group=2,
      enabled_when=when.has_document),
    A("view_upright", N_("View upright"), "view", ("Shift+R",), group=2,
      enabled_when=when.is_turned),
    A("only_picture", N_("Only the picture"), "view", ("Shift+F",), group=3,
      checked_when=lambda v: v.only_picture),
    A("show_results", N_("Results"), "view", ("F3",), group=3),
    A("say_it", N_("Say it"), "view", ("F4",), "message-circle", group=3),
    A("ideas", N_("Ideas"), "view", ("F5",), "lightbulb", group=3),
    A("side_column", N_("Side column"), "view", ("F9",), group=3,
      checked_when=lambda v: v.shows_side),
    A("full_screen", N_("Full screen"), "view", ("F11",), group=3,
      checked_when=lambda v: v.full_screen),
    A("theme_system", N_("Theme of the system"), "view", group=4,
      exclusive="theme", checked_when=when.has_theme("system")),
    A("theme_dark", N_("Dark theme"), "view", group=4,
      exclusive="theme", checked_when=when.has_theme("dark")),
    A("theme_light", N_("Light theme"), "view", group=4,
      exclusive="theme", checked_when=when.has_theme("light")),
    A("theme_high-contrast", N_("High-contrast theme"), "view", group=4,
      exclusive="theme", checked_when=when.has_theme("high-contrast")),
    # Help
    A("find_command", N_("Find a command"), "help", ("Ctrl+K",), "search"),
    A("show_keys", N_("Keys"), "help", ("F1", "Shift+?"), "keyboard"),
    A("show_words", N_("Things you can say"), "help", ()),
    A("open_home", N_("Open the folder with settings and logs"), "help", (), group=1),
    A("about", N_("About Pentimento"), "help", (), group=1),
    # Tools and keys without a menu
    A("tool_pan", N_("Pan"), "", ("H",), "hand", exclusive="tool", checked_when=when.holds("pan")),
    A("tool_zoom", N_("Zoom"), "", ("Z",), "search",
      exclusive="tool", checked_when=when.holds("zoom")),
    A("tool_rectangle", N_("Select a rectangle"), "", ("M",), "square-dashed",
      exclusive="tool", checked_when=when.holds("rectangle")),
    A("tool_ellipse", N_("Select an ellipse"), "", ("Shift+M",), "circle-dashed",
      exclusive="tool", checked_when=when.holds("ellipse")),
    A("tool_lasso", N_("Lasso"), "", ("L",), "lasso",
      exclusive="tool", checked_when=when.holds("lasso")),
    A("tool_brush", N_("Selection brush"), "", ("B",), "brush",
      exclusive="tool", checked_when=when.holds("brush")),
    A("tool_eraser", N_("Selection eraser"), "", ("E",), "eraser",
      exclusive="tool", checked_when=when.holds("eraser")),
    A("tool_similar", N_("Select similar colours"), "", ("W",), "wand",
      exclusive="tool", checked_when=when.holds("similar")),
    A("tool_subject", N_("Select a subject"), "", ("J",), "user-round",
      exclusive="tool", checked_when=when.holds("subject")),
    A("brush_smaller", N_("Smaller brush"), "", ("[", ",")),
    A("brush_larger", N_("Larger brush"), "", ("]", ".")),
    A("brush_softer", N_("Softer brush"), "", ("Shift+[", "{")),
    A("brush_harder", N_("Harder brush"), "", ("Shift+]", "}")),
    A("clear_recent", N_("Clear the list of recent documents"), "", ()),
    A("next_region", N_("Next region"), "", ("F6",)),
    A("previous_region", N_("Previous region"), "", ("Shift+F6",)),
    A("escape", N_("One step out"), "", ("Esc",)),
    A("look_0", N_("Look at the current picture"), "", ("0",)),
    *(A(f"look_{n}", N_("Look at a result"), "", (str(n), f"Alt+{n}")) for n in range(1, 10)),
)
# fmt: on
WITHOUT_PICTURE: Final = frozenset(
    {
        "open",
        "open_sample",
        "new_from_words",
        "from_story",
        "ideas",
        "quit",
        "paste",
        "history_search",
        "full_screen",
        "theme_system",
        "theme_dark",
        "theme_light",
        "theme_high-contrast",
        "find_command",
        "settings",
        "show_keys",
        "show_words",
        "show_models",
        "survey",
        "open_home",
        "about",
        "show_home",
        "clear_recent",
        "next_region",
        "previous_region",
        "escape",
    }
)  # fmt: skip
"""Ids of what can be done while Home or the settings are in front; the rest acts on a picture that
is not seen."""


def is_enabled(info: ActionInfo, view: WindowView) -> bool:
    """Whether an action can be done now."""
    return (not view.hides_picture or info.id in WITHOUT_PICTURE) and info.enabled_when(view)


BY_ID: Final = {a.id: a for a in ACTIONS}
