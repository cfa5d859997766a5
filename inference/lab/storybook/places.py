"""The land behind and under the subject: one backdrop per place, in the colours of the season."""

from __future__ import annotations

from math import pi, sin
from typing import Final

from inference.lab.storybook.layout import SceneLayout
from inference.lab.storybook.sheet import (
    Point,
    Rgb,
    Sheet,
    darker,
    lighter,
    mix,
)
from inference.lab.storybook.sky import HAZE, land_tint
from inference.starter.scene import Scene

GRASS: Final[dict[str, Rgb]] = {
    "spring": (158, 208, 92),
    "summer": (82, 160, 78),
    "autumn": (206, 150, 62),
    "winter": (240, 246, 252),
}
_SAND: Final[dict[str, Rgb]] = {
    "spring": (240, 220, 160),
    "summer": (246, 216, 142),
    "autumn": (224, 184, 122),
    "winter": (238, 242, 248),
}
_DUNES: Final[dict[str, Rgb]] = {
    "spring": (240, 178, 110),
    "summer": (240, 164, 88),
    "autumn": (214, 134, 76),
    "winter": (244, 238, 240),
}
_WOOD: Final[dict[str, Rgb]] = {
    "spring": (116, 182, 92),
    "summer": (40, 108, 74),
    "autumn": (204, 106, 44),
    "winter": (126, 154, 164),
}


def wave(y: float, height: float, phase: float, turns: float, bottom: float = 1.02) -> list[Point]:
    """A band of land: a sine for its upper rim, closed along the bottom."""
    rim = [
        (-0.02 + 1.04 * i / 48, y - height * sin(phase + 2 * pi * turns * i / 48))
        for i in range(49)
    ]
    return [*rim, (1.02, bottom), (-0.02, bottom)]


def _band(
    sheet: Sheet, shape: list[Point], color: Rgb, y: float, depth: float, shade: float = 0.16
) -> None:
    sheet.shaded(shape, lighter(color, 0.1), darker(color, shade), (0, y), (0, y + depth))


def draw_place(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """Backdrop and ground up to the foreground, in the light of the scene."""
    sheet.tint = land_tint(scene)
    grass = GRASS[scene.season]
    {
        "meadow": _meadow,
        "seaside": _seaside,
        "mountains": _mountains,
        "desert": _desert,
        "forest": _forest,
        "town": _town,
    }[scene.place](sheet, scene, lay, grass)


def _hazy(scene: Scene, color: Rgb, share: float) -> Rgb:
    return mix(color, HAZE[scene.light], share)


def _fields(sheet: Sheet, lay: SceneLayout, grass: Rgb) -> None:
    """The two near slopes most places share."""
    y = lay.horizon
    _band(sheet, wave(y + 0.06, 0.02, lay.hills[2], 0.7), mix(grass, (120, 190, 150), 0.16), y, 0.3)
    _band(sheet, wave(y + 0.12, 0.014, lay.hills[3], 0.6), grass, y + 0.1, 0.4, 0.24)


def _meadow(sheet: Sheet, scene: Scene, lay: SceneLayout, grass: Rgb) -> None:
    y = lay.horizon
    far = _hazy(scene, mix(grass, (96, 160, 170), 0.5), 0.25)
    _band(sheet, wave(y - 0.075, 0.04, lay.hills[0], 1.2), far, y - 0.1, 0.3, 0.05)
    middle = _hazy(scene, mix(grass, (90, 160, 140), 0.3), 0.1)
    _band(sheet, wave(y - 0.01, 0.03, lay.hills[1], 0.9), middle, y - 0.05, 0.3, 0.08)
    _fields(sheet, lay, grass)


def _seaside(sheet: Sheet, scene: Scene, lay: SceneLayout, grass: Rgb) -> None:
    y = lay.horizon - 0.06
    sea: Rgb = (30, 142, 190)
    sheet.shaded(
        [(-0.02, y), (1.02, y), (1.02, y + 0.3), (-0.02, y + 0.3)],
        _hazy(scene, sea, 0.12),
        (66, 192, 208),
        (0, y),
        (0, y + 0.2),
    )
    for i, (u, v, w) in enumerate(lay.spots[40:50]):
        yy = y + 0.022 + 0.105 * ((i + v) / 10)
        half = 0.035 + 0.035 * w
        points = [(u - half, yy), (u - half / 2, yy - 0.007), (u, yy), (u + half / 2, yy - 0.007)]
        sheet.line([*points, (u + half, yy)], 0.008, (226, 246, 246), 0.7, smooth=True)
    sand = _SAND[scene.season]
    rim = wave(y + 0.165, 0.014, lay.hills[1], 1.4)
    sheet.poly([(px, py - 0.016) for px, py in rim], (250, 252, 248), 0.9)
    _band(sheet, rim, sand, y + 0.15, 0.42, 0.14)


def _mountains(sheet: Sheet, scene: Scene, lay: SceneLayout, grass: Rgb) -> None:
    y = lay.horizon + 0.1
    shift = 0.05 * sin(lay.hills[0])
    # The low peak stands behind the subject, the high ones at either side of it.
    peaks = ((0.5, 0.29, 0.3), (0.1, 0.46, 0.33), (0.88, 0.41, 0.3))
    for i, (at, height, half) in enumerate(peaks):
        x = (at if lay.side > 0 else 1 - at) + shift * (1 if i else -1)
        rock = _hazy(scene, (112, 122, 158), 0.3 if i == 0 else 0.08)
        top = (x, y - height)
        sheet.poly([(x - half, y), top, (x + half, y)], lighter(rock, 0.14))
        ridge = [top, (x + half, y), (x + half * 0.1, y), (x + half * 0.16, y - height * 0.4)]
        sheet.poly([*ridge, (x - half * 0.04, y - height * 0.7)], darker(rock, 0.16))
        cap = 0.36
        left, right = x - half * cap, x + half * cap
        low = y - height * (1 - cap)
        tip = [top, (right, low), (x + half * 0.2, low - 0.02), (x + half * 0.07, low + 0.018)]
        tip += [(x - half * 0.08, low - 0.016), (x - half * 0.22, low + 0.012), (left, low)]
        sheet.poly(tip, (250, 252, 255))
    _fields(sheet, lay, grass)


def _desert(sheet: Sheet, scene: Scene, lay: SceneLayout, grass: Rgb) -> None:
    y = lay.horizon
    sand = _DUNES[scene.season]
    rock: Rgb = _hazy(scene, (206, 98, 70), 0.12)
    for at, w, h in ((0.12, 0.24, 0.2), (0.95, 0.2, 0.15)):
        x = at if lay.side > 0 else 1 - at
        mesa = [(x - w * 0.62, y + 0.05), (x - w * 0.42, y - h), (x + w * 0.4, y - h)]
        sheet.poly([*mesa, (x + w * 0.62, y + 0.05)], rock)
        for k in (0.35, 0.68):
            half = w * (0.42 + 0.16 * k)
            band = [(x - half, y - h * (1 - k)), (x + half, y - h * (1 - k))]
            sheet.line(band, 0.02, darker(rock, 0.24))
        if scene.season == "winter":
            sheet.rect(x - w * 0.44, y - h - 0.012, w * 0.86, 0.03, (250, 252, 255), r=0.014)
    _band(sheet, wave(y - 0.01, 0.04, lay.hills[0], 0.8), _hazy(scene, sand, 0.2), y - 0.05, 0.26)
    _band(sheet, wave(y + 0.06, 0.025, lay.hills[1], 0.9), lighter(sand, 0.12), y + 0.03, 0.25)
    _band(sheet, wave(y + 0.13, 0.014, lay.hills[3], 0.6), sand, y + 0.1, 0.36, 0.22)
    x = 0.93 if lay.side < 0 else 0.07
    _cactus(sheet, x, y + 0.1, 0.3, scene.season == "winter")


def _cactus(sheet: Sheet, x: float, y: float, h: float, snowy: bool) -> None:
    green: Rgb = (70, 146, 92)
    with sheet.at(x, y, h):
        sheet.line([(-0.24, -0.62), (-0.24, -0.42), (-0.02, -0.36)], 0.13, green, smooth=True)
        sheet.line([(0.24, -0.74), (0.24, -0.54), (0.02, -0.48)], 0.13, green, smooth=True)
        sheet.line([(0, 0), (0, -0.86)], 0.2, green)
        sheet.line([(-0.03, -0.04), (-0.03, -0.84)], 0.03, lighter(green, 0.3))
        if snowy:
            sheet.oval(0, -0.93, 0.11, 0.06, (250, 252, 255))


def _forest(sheet: Sheet, scene: Scene, lay: SceneLayout, grass: Rgb) -> None:
    y = lay.horizon
    wood = _WOOD[scene.season]
    sheet.poly(wave(y + 0.01, 0.012, lay.hills[0], 1.0), _hazy(scene, wood, 0.42))
    for row, (count, height, fade) in enumerate(((7, 0.36, 0.34), (6, 0.28, 0.06))):
        color = _hazy(scene, wood, fade)
        for i in range(count):
            u, _, w = lay.spots[50 + i + row * 7]
            x = (i + 0.5 * row + 0.3 + 0.3 * u) / (count - 0.4)
            h = height * (0.85 + 0.3 * w)
            _fir(sheet, x, y + 0.06, h, color, scene.season == "winter" and row == 1)
    _fields(sheet, lay, grass)


def _fir(sheet: Sheet, x: float, y: float, h: float, color: Rgb, snowy: bool) -> None:
    with sheet.at(x, y, h):
        sheet.rect(-0.035, -0.15, 0.07, 0.2, (92, 66, 54))
        for k in range(3):
            low, half = -0.1 - 0.26 * k, 0.27 - 0.06 * k
            top = low - 0.4
            sheet.poly([(-half, low), (0, top), (half, low)], mix(color, (255, 255, 240), 0.05 * k))
            sheet.poly([(0, top), (half, low), (half * 0.15, low)], darker(color, 0.18), 0.8)
            if snowy:
                cut = half * 0.45
                tip = [(-cut, top + 0.18), (0, top), (cut, top + 0.18), (0, top + 0.13)]
                sheet.poly(tip, (250, 252, 255))


def _town(sheet: Sheet, scene: Scene, lay: SceneLayout, grass: Rgb) -> None:
    y = lay.horizon + 0.1
    walls: tuple[Rgb, ...] = ((222, 196, 168), (198, 168, 160), (176, 184, 196), (226, 210, 182))
    for i in range(6):
        _, v, w = lay.spots[50 + i]
        x, width, h = (i - 0.1) / 5.6, 0.185, 0.26 + 0.16 * v
        wall = _hazy(scene, walls[int(w * 4) % 4], 0.15)
        sheet.rect(x, y - h, width, h + 0.02, wall)
        roof = (250, 252, 255) if scene.season == "winter" else _hazy(scene, (150, 92, 88), 0.1)
        gable = [(x - 0.012, y - h), (x + width / 2, y - h - 0.09), (x + width + 0.012, y - h)]
        sheet.poly(gable, roof)
        lamp = scene.light == "night"
        for j in range(2):
            for k in range(2):
                spot = (x + 0.035 + 0.07 * j, y - h + 0.035 + 0.085 * k)
                if lamp and (i + j + k) % 3:
                    with sheet.glow():
                        sheet.rect(*spot, 0.042, 0.05, (255, 208, 110), r=0.004)
                else:
                    sheet.rect(*spot, 0.042, 0.05, (104, 124, 146), r=0.004)
    _fields(sheet, lay, grass)
