"""From a scene to its picture: sky, land, things, weather, then the hand that drew it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from inference.lab.storybook import buildings, living, seconds
from inference.lab.storybook.details import draw_birds, draw_land
from inference.lab.storybook.foreground import (
    draw_bush,
    draw_fence,
    draw_flowers,
    draw_litter,
    draw_path,
    draw_season,
)
from inference.lab.storybook.layout import SceneLayout, layout
from inference.lab.storybook.places import draw_place
from inference.lab.storybook.sheet import Rgb, Sheet
from inference.lab.storybook.sky import OBJECT_TINTS, draw_sky, land_tint
from inference.lab.storybook.styles import apply_style
from inference.lab.storybook.weather import draw_clouds, draw_falling
from inference.starter.scene import Scene

Draw = Callable[[Sheet, Rgb, bool, bool], None]

PAINTS: Final[dict[str, Rgb]] = {
    "red": (214, 52, 48),
    "orange": (245, 134, 34),
    "yellow": (252, 214, 62),
    "green": (62, 158, 78),
    "blue": (52, 112, 226),
    "purple": (132, 72, 188),
    "pink": (252, 138, 190),
    "white": (250, 248, 246),
}

# How to draw a subject, and its height near and far as a share of the picture.
SUBJECT_DRAWINGS: Final[dict[str, tuple[Draw, float, float]]] = {
    "house": (buildings.house, 0.47, 0.33),
    "lighthouse": (buildings.lighthouse, 0.6, 0.42),
    "windmill": (buildings.windmill, 0.56, 0.39),
    "castle": (buildings.castle, 0.5, 0.36),
    "tree": (living.tree, 0.56, 0.38),
    "boat": (living.boat, 0.5, 0.35),
    "cat": (living.cat, 0.5, 0.34),
    "swan": (living.swan, 0.46, 0.33),
    "car": (living.car, 0.385, 0.285),
    "balloon": (living.balloon, 0.62, 0.44),
}
SECOND_DRAWINGS: Final[dict[str, tuple[Draw, float]]] = {
    "apple tree": (seconds.apple_tree, 0.36),
    "cat": (seconds.cat, 0.23),
    "ball": (seconds.ball, 0.16),
    "umbrella": (seconds.umbrella, 0.28),
    "flag": (seconds.flag, 0.31),
    "mushroom": (seconds.mushroom, 0.2),
}
_FLOATS: Final = frozenset({"boat", "swan"})


def subject_height(scene: Scene) -> float:
    """Height of the subject as a share of the picture's height."""
    _, near, far = SUBJECT_DRAWINGS[scene.subject]
    return max(0.282, (near if scene.view == "near" else far) * layout(scene.seed).jitter)


def _shadow(sheet: Sheet, x: float, y: float, half: float, scene: Scene, lay: SceneLayout) -> None:
    if scene.light in ("noon", "sunset"):
        # The sun is on the second object's side; shadows fall away from it.
        x -= lay.side * half * 0.16
    sheet.soft(x, y, half * 1.25, half * 0.2, (26, 30, 52), 0.42)


def draw_subject(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """The subject with its shadow."""
    draw, _, _ = SUBJECT_DRAWINGS[scene.subject]
    h = subject_height(scene)
    y = lay.base_y + (0.02 if scene.view == "near" else -0.03)
    if scene.subject not in _FLOATS:
        sheet.tint = land_tint(scene)
        half = {"car": 0.95, "balloon": 0.3, "lighthouse": 0.34}.get(scene.subject, 0.46)
        _shadow(sheet, lay.subject_x, y, h * half, scene, lay)
    sheet.tint = OBJECT_TINTS[scene.light]
    # Things that face somewhere face the middle of the picture or not, by the layout.
    with sheet.at(lay.subject_x, y, h, flip=lay.flip):
        draw(sheet, PAINTS[scene.colour], scene.light == "night", scene.season == "winter")


def draw_second(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """The second object with its shadow, if there is one."""
    if scene.second == "none":
        return
    draw, h = SECOND_DRAWINGS[scene.second]
    h *= 1.08 if scene.view == "near" else 0.94
    x, y = lay.second_x, lay.second_y + (0.015 if scene.view == "near" else -0.01)
    if scene.second == "flag":
        x += 0.02 * (1 if lay.flip else -1)
    sheet.tint = land_tint(scene)
    half = {"ball": 0.42, "cat": 0.36, "umbrella": 0.3}.get(scene.second, 0.26)
    _shadow(sheet, x, y, h * half, scene, lay)
    sheet.tint = OBJECT_TINTS[scene.light]
    with sheet.at(x, y, h, flip=lay.flip):
        draw(sheet, PAINTS[scene.second_colour], scene.light == "night", scene.season == "winter")


def draw_ground(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """What is in front of everything: flowers or a fence; a path lies under the things."""
    if scene.ground == "flowers":
        draw_flowers(sheet, scene, lay)
    elif scene.ground == "fence":
        draw_fence(sheet, scene, lay)


def render_flat(scene: Scene, size_px: int) -> NDArray[np.uint8]:
    """The scene before its style, (size_px, size_px, 3) uint8 sRGB."""
    lay = layout(scene.seed)
    sheet = Sheet(size_px)
    draw_sky(sheet, scene, lay)
    draw_clouds(sheet, scene, lay)
    draw_birds(sheet, scene, lay)
    draw_place(sheet, scene, lay)
    draw_land(sheet, scene, lay)
    draw_litter(sheet, scene, lay)
    draw_season(sheet, scene, lay)
    if scene.ground == "path":
        draw_path(sheet, scene, lay)
    draw_subject(sheet, scene, lay)
    draw_second(sheet, scene, lay)
    draw_bush(sheet, scene, lay)
    draw_ground(sheet, scene, lay)
    draw_falling(sheet, scene, lay)
    return np.ascontiguousarray(sheet.pixels()[..., :3])


def render(scene: Scene, size_px: int) -> NDArray[np.uint8]:
    """The picture of a scene.

    Args:
        scene: what to draw.
        size_px: side of the square picture in pixels, at least 16.

    Returns:
        (size_px, size_px, 3) uint8 sRGB.
    """
    if size_px < 16:
        raise ValueError("a storybook picture is at least 16 px wide")
    return apply_style(render_flat(scene, size_px), scene.style)
