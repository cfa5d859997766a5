"""When an action can be done and when it is ticked: pure functions of a `WindowView`."""

from __future__ import annotations

from collections.abc import Callable

from app.window.window_view import WindowView

Condition = Callable[[WindowView], bool]


def always(view: WindowView) -> bool:
    """In every state."""
    del view
    return True


def has_document(view: WindowView) -> bool:
    """A document is open."""
    return view.session.has_document


def can_undo(view: WindowView) -> bool:
    """There is an idea before this one."""
    return view.session.can_undo


def can_redo(view: WindowView) -> bool:
    """A step was undone."""
    return view.session.can_redo


def is_turned(view: WindowView) -> bool:
    """The picture is turned on the screen."""
    return view.angle != 0.0


def can_explore(view: WindowView) -> bool:
    """A document is open and no job runs."""
    return view.session.has_document and not view.session.is_busy


def has_choice(view: WindowView) -> bool:
    """A result is on the canvas and no job runs."""
    return view.session.has_look and not view.session.is_busy


def can_confirm(view: WindowView) -> bool:
    """Enter does something: it keeps what is on the canvas, or takes the marked answer."""
    return has_choice(view) or view.session.is_asking


def can_refine(view: WindowView) -> bool:
    """The result on the canvas is a preview with words of its own."""
    return has_choice(view) and view.session.is_explored


def can_set_strength(view: WindowView) -> bool:
    """A result is on the canvas alone: the slider stands beside one picture."""
    return has_choice(view) and not view.compares_pair


def can_paint_in(view: WindowView) -> bool:
    """There is a second result of the same picture."""
    session = view.session
    return session.has_look and session.finished > 1 and not session.is_new_picture


def has_finished_result(view: WindowView) -> bool:
    """At least one result can be looked at."""
    return view.session.finished > 0


def is_ranked(view: WindowView) -> bool:
    """The results stand in an order that can be explained."""
    return view.session.is_ranked


def shows(name: str) -> Condition:
    """The canvas is in this view."""
    return lambda view: view.view == name


def holds(tool: str) -> Condition:
    """This tool is the active one."""
    return lambda view: view.tool == tool


def has_theme(name: str) -> Condition:
    """This theme is chosen."""
    return lambda view: view.theme == name
