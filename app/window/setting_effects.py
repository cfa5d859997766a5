"""What a setting does to the window at once when the artist changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.theme.theme import MOTION, look
from app.window.controllers.view import ViewController
from app.window.regions import Regions


def setting_effects(parts: Regions, view: ViewController) -> dict[str, Callable[[Any], object]]:
    """By name of the setting; settings that are not here are read when they are next needed."""
    return {
        "theme": look().set_choice,
        "text_size": lambda percent: look().set_text_scale(percent / 100),
        "motion": lambda wanted: look().set_motion(MOTION[wanted]),
        "wheel": parts.stage.set_wheel,
        "count": lambda count: parts.prompt.box.count.set_current(str(count)),
        "live": parts.prompt.set_live,
        "show_methods": view.methods_shown.emit,
    }
