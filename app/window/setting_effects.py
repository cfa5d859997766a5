"""What a setting does to the window at once when the artist changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from app.session.session import Session
from app.theme.theme import MOTION, look
from app.window.controllers.view import ViewController
from app.window.regions import Regions

GIGABYTE: Final = 10**9


def memory_bytes(gigabytes: int) -> int | None:
    """What the setting of the memory limit allows to models; None for as much as fits."""
    return gigabytes * GIGABYTE or None


def setting_effects(
    session: Session, parts: Regions, view: ViewController
) -> dict[str, Callable[[Any], object]]:
    """By name of the setting; settings that are not here are read when they are next needed."""
    return {
        "theme": look().set_choice,
        "surround": look().set_surround,
        "text_size": lambda percent: look().set_text_scale(percent / 100),
        "motion": lambda wanted: look().set_motion(MOTION[wanted]),
        "wheel": parts.stage.set_wheel,
        "count": lambda count: parts.prompt.box.count.set_current(str(count)),
        "live": parts.prompt.set_live,
        "suggestion_previews": parts.prompt.row.previews.set_enabled,
        "explore_idle": parts.prompt.idle_explore.set_enabled,
        "memory_limit": lambda limit: session.engine.limit_memory(memory_bytes(limit)),
        "show_methods": view.methods_shown.emit,
    }
