from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.panels.prompt import PromptPanel
from app.panels.stage import StagePanel
from app.session.session import Session
from app.window.controllers.clipboard import ClipboardController
from app.window.controllers.edit import EditController
from app.window.controllers.export import ExportController
from app.window.controllers.file import FileController
from app.window.controllers.help import HelpController
from app.window.controllers.history import HistoryController
from app.window.controllers.home import HomeController
from app.window.controllers.ideas import IdeasController
from app.window.controllers.selection import SelectionController
from app.window.controllers.view import ViewController
from app.window.regions import Regions
from app.window.side_column import IDEAS, RESULTS, SAY_IT

_Command = Callable[..., object]

ZOOMS = {"zoom_100": 1, "zoom_200": 2, "zoom_400": 4, "zoom_800": 8}
BRUSH_STEP = 1.25
HARDNESS_STEP = 0.1
VIEW_TURN = 15.0
"""Degrees by which a command turns the view."""


@dataclass(frozen=True)
class Controllers:
    """One for each menu, and one for the clipboard."""

    file: FileController
    export: ExportController
    home: HomeController
    ideas: IdeasController
    edit: EditController
    selection: SelectionController
    clipboard: ClipboardController
    history: HistoryController
    view: ViewController
    help: HelpController


def commands_of(
    session: Session, controllers: Controllers, regions: Regions
) -> dict[str, _Command]:
    """What each action does, by its id, apart from those of the window itself."""
    return {
        **_file(controllers, regions),
        **_edit(session, controllers, regions),
        **_select(controllers.selection, regions.stage),
        **_picture(session, controllers, regions),
        **_history(session, controllers.history, regions),
        **_view(controllers.view, regions.stage),
        **_tabs(regions),
        **_help(controllers.help),
        **_tools(session, controllers.edit, regions.stage),
    }


def _file(controllers: Controllers, regions: Regions) -> dict[str, _Command]:
    file = controllers.file

    def close() -> None:
        file.close_document()
        regions.rooms.show_home()

    return {
        "open": file.open,
        "open_sample": lambda: file.open_sample(0),
        "show_home": regions.rooms.show_home,
        "settings": lambda: regions.rooms.show_settings("general"),
        "survey": regions.rooms.show_survey,
        "clear_recent": controllers.home.clear,
        "new_empty": close,
        "new_from_words": file.new_from_words,
        "from_story": controllers.ideas.ask_story,
        "name_document": file.name_document,
        "save_copy": file.save_copy,
        "export": controllers.export.open,
        "close_document": close,
    }


def _edit(session: Session, controllers: Controllers, regions: Regions) -> dict[str, _Command]:
    prompt: PromptPanel = regions.prompt
    return {
        "undo": session.undo,
        "redo": session.redo,
        "copy": controllers.clipboard.copy,
        "paste": controllers.clipboard.paste,
        "prompt": prompt.focus_prompt,
        "run": prompt.run,
        "again": prompt.again,
        "explore": prompt.explore,
        "refine": prompt.refine,
        "more_like": prompt.again,
        "caption": controllers.edit.show_captions,
        "method_menu": prompt.box.open_methods,
        "method_settings": lambda: controllers.edit.show_method_settings(
            prompt.chosen_methods.first
        ),
        "prompt_earlier": lambda: prompt.recall(-1),
        "prompt_later": lambda: prompt.recall(1),
        "live": lambda on: prompt.set_live("on" if on else "off"),
    }


def _select(selection: SelectionController, stage: StagePanel) -> dict[str, _Command]:
    return {
        "select_all": selection.select_all,
        "select_none": selection.select_none,
        "select_again": selection.select_again,
        "select_invert": selection.select_invert,
        "select_subject": lambda: stage.selecting.finder.find("subject"),
        "select_person": lambda: stage.selecting.finder.find("person"),
        "select_background": lambda: stage.selecting.finder.find("background"),
        "select_feather": selection.feather,
        "select_grow": selection.grow,
        "select_shrink": selection.shrink,
        "select_smooth": selection.smooth,
        "select_refine": selection.refine_edge,
        "select_fill_holes": selection.fill_holes,
        "select_edges": stage.show_edges,
        "select_overlay": stage.show_overlay,
    }


def _picture(session: Session, controllers: Controllers, regions: Regions) -> dict[str, _Command]:
    edit, turn = controllers.edit, session.turn_picture.turn
    return {
        "rotate_left": lambda: turn("rotate left"),
        "rotate_right": lambda: turn("rotate right"),
        "rotate_180": lambda: turn("rotate by 180 degrees"),
        "flip_horizontal": lambda: turn("flip horizontally"),
        "flip_vertical": lambda: turn("flip vertically"),
        "straighten": lambda: regions.prompt.fill("straighten by 1 degree"),
        "crop_square": lambda: edit.say_and_run("crop to square"),
        "crop_3_2": lambda: edit.say_and_run("crop to 3:2"),
        "crop_16_9": lambda: edit.say_and_run("crop to 16:9"),
        "upscale_2": lambda: edit.say_and_run("upscale 2x"),
        "upscale_4": lambda: edit.say_and_run("upscale 4x"),
        "strength": regions.options.strength.slider.setFocus,
        "paint_in": edit.paint_in,
        "keep": edit.keep,
        "set_aside": edit.set_aside,
        "save_result": controllers.export.save_result,
        "copy_seed": controllers.clipboard.copy_seed,
        "copy_request": controllers.clipboard.copy_request,
    }


def _history(session: Session, history: HistoryController, regions: Regions) -> dict[str, _Command]:
    stage, map_ = regions.stage, regions.map

    def search() -> None:
        if regions.rooms.at_home:
            regions.home.focus_search()
            return
        stage.set_view("map")
        if stage.view == "map":
            map_.search()

    return {
        "history_parent": session.undo,
        "history_child": session.redo,
        "history_sister_up": lambda: history.go_to_sibling(-1),
        "history_sister_down": lambda: history.go_to_sibling(1),
        "star": history.star_current,
        "rename": history.rename_current,
        "note": history.note_current,
        "history_search": search,
    }


def _view(view: ViewController, stage: StagePanel) -> dict[str, _Command]:
    commands: dict[str, _Command] = {
        "swap_sides": stage.swap_sides,
        "why": view.why,
        "show_methods": view.show_methods,
        "zoom_in": lambda: stage.zoom_by(2**0.5),
        "zoom_out": lambda: stage.zoom_by(2**-0.5),
        "zoom_fit": stage.fit,
        "view_turn_left": lambda: stage.turn_view(-VIEW_TURN),
        "view_turn_right": lambda: stage.turn_view(VIEW_TURN),
        "view_upright": lambda: stage.turn_view(None),
    }
    for name, factor in ZOOMS.items():
        commands[name] = lambda f=factor: stage.zoom_to(f)
    for name in ("picture", "wipe", "side", "all", "changes", "map"):
        commands[f"view_{name}"] = lambda n=name: stage.toggle_view(n)
    for name in ("system", "dark", "light", "high-contrast"):
        commands[f"theme_{name}"] = lambda n=name: view.set_theme(n)
    return commands


def _tabs(regions: Regions) -> dict[str, _Command]:
    def show(tab: str) -> None:
        regions.rooms.show_workspace()
        regions.side.close_page()
        regions.column.show_tab(tab)
        if tab != RESULTS:
            regions.prompt.focus_prompt()

    return {
        "show_results": lambda: show(RESULTS),
        "say_it": lambda: show(SAY_IT),
        "ideas": lambda: show(IDEAS),
    }


def _help(help_: HelpController) -> dict[str, _Command]:
    return {
        "show_keys": help_.show_keys,
        "show_words": help_.show_words,
        "show_models": help_.show_models,
        "open_home": help_.open_home,
        "about": help_.show_about,
    }


def _tools(session: Session, edit: EditController, stage: StagePanel) -> dict[str, _Command]:
    def look_at(number: int) -> None:
        """Who asks for a result by its number wants to see it, not the map."""
        if number:
            edit.choose(number)
        else:
            session.view.look_at_number(0)
        stage.leave_map()

    commands: dict[str, _Command] = {
        "brush_smaller": lambda: stage.change_brush(size=1 / BRUSH_STEP),
        "brush_larger": lambda: stage.change_brush(size=BRUSH_STEP),
        "brush_softer": lambda: stage.change_brush(hardness=-HARDNESS_STEP),
        "brush_harder": lambda: stage.change_brush(hardness=HARDNESS_STEP),
    }
    for name in ("pan", "zoom", "rectangle", "ellipse", "lasso", "brush", "eraser", "similar",
                 "subject"):  # fmt: skip
        commands[f"tool_{name}"] = lambda n=name: stage.take_tool(n)
    for number in range(10):
        commands[f"look_{number}"] = lambda n=number: look_at(n)
    return commands
