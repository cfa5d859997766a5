"""Which settings candidates take in turn, and values about those that a model brings for itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inference.request.registry import MethodInfo
from inference.request.settings import SettingInfo

Swept = tuple[str, tuple[float, ...]]
"""A setting and the values that candidates give it in turn."""


def own_settings(info: MethodInfo, brought: Mapping[str, Any]) -> dict[str, Any]:
    """What a method starts from: its defaults, and over them what its model brings.

    A sampled picture's request names all of its settings but those that are not used or only plan.
    """
    named = (setting for setting in info.settings if not (setting.optional or setting.planning))
    return {setting.name: setting.default for setting in named} | dict(brought)


def swept_settings(info: MethodInfo, own: Mapping[str, Any]) -> tuple[Swept, ...]:
    """What candidates of a method take in turn besides their seeds.

    Args:
        info: of the method.
        own: see `own_settings`.
    """
    return tuple(
        (name, _about(info.setting(name), own[name], values)) for name, values in _taken(info, own)
    )


def preview_grid(info: MethodInfo, own: Mapping[str, Any]) -> Swept | None:
    """What quick previews vary beside their seeds; see `MethodInfo.grid`."""
    if info.grid is None or _taken(info, own) is info.sweep:
        return info.grid
    name, values = swept_settings(info, own)[0]
    return name, tuple(sorted(values))


def _taken(info: MethodInfo, own: Mapping[str, Any]) -> tuple[Swept, ...]:
    """A guidance at its least does nothing, so there is nothing about it to be tried."""
    unused = any(own[name] == info.setting(name).minimum for name, _ in info.sweep)
    return info.sweep_instead if unused and info.sweep_instead else info.sweep


def _about(setting: SettingInfo, own: float, values: tuple[float, ...]) -> tuple[float, ...]:
    """The values; in proportion to the model's own where it brings one."""
    if own == setting.default:
        return values
    return tuple(
        min(max(own * value / values[0], setting.minimum), setting.maximum) for value in values
    )
