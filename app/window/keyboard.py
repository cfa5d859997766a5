"""What Esc and F6 do: they act on whichever part of the window is in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.session.session import Session
from app.window.regions import Regions
from app.window.window_shell import WindowShell


def ways_out(
    session: Session, shell: WindowShell, regions: Regions
) -> tuple[Callable[[], bool], ...]:
    """What Esc leaves, the first one first; each is left only if there is something to leave.

    Returns:
        functions that leave one thing and return True, or return False where it is not there.
    """
    stage, side = regions.stage, regions.side

    def close_page() -> bool:
        there = bool(side.page)
        side.close_page()
        return there

    def cancel_job() -> bool:
        busy = session.is_busy
        if busy:
            session.driver.cancel()
        return busy

    def stop_painting() -> bool:
        painting = session.view.paint_key is not None
        if painting:
            session.view.stop_painting()
        return painting

    def leave_view() -> bool:
        other = stage.view != "picture"
        if other:
            stage.set_view("picture")
        return other

    def look_at_current() -> bool:
        elsewhere = session.view.looked_at is not None
        if elsewhere:
            session.view.look_at(None)
        return elsewhere

    def make_upright() -> bool:
        turned = stage.canvas.angle != 0.0
        if turned:
            stage.turn_view(None)
        return turned

    return (
        shell.close_popover, regions.rooms.leave_settings, regions.rooms.leave_survey,
        regions.map.dismiss, close_page, stage.canvas.tools.cancel_gesture,
        cancel_job, regions.prompt.explore_wait.stop, stop_painting, leave_view, look_at_current,
        make_upright, regions.rooms.leave,
    )  # fmt: skip


def focus_stops(regions: Regions) -> tuple[QWidget, ...]:
    """Where F6 stops, in its order."""
    return (
        regions.home.last.go_on, regions.home.search, regions.home.grid,
        regions.home.start.buttons["open"], regions.prompt.box.edit, regions.results.list,
        regions.results.foot.keep, regions.chat.gate.slider, regions.chat.foot.keep,
        regions.ideas.text, regions.history.list, regions.rail.buttons["tool_pan"],
        regions.options.strength.slider,
        regions.stage.canvas, regions.map.ideas,
    )  # fmt: skip


def step_focus(stops: Sequence[QWidget], step: int) -> None:
    """Move the focus to the next stop that can be used (+1), or the one before (−1)."""
    usable = [stop for stop in stops if stop.isVisible() and stop.isEnabled()]
    focus = QApplication.focusWidget()
    now = next((n for n, stop in enumerate(usable) if stop is focus), 0)
    usable[(now + step) % len(usable)].setFocus(Qt.FocusReason.TabFocusReason)
