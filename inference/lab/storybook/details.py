"""Small touches that only large pictures show; nothing here carries meaning."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Final

from inference.lab.storybook.layout import SceneLayout
from inference.lab.storybook.places import GRASS
from inference.lab.storybook.sheet import PLAIN, Rgb, Sheet, darker, mix
from inference.lab.storybook.sky import HAZE, land_tint
from inference.starter.scene import Scene

_DAISIES: Final[tuple[Rgb, ...]] = ((255, 252, 244), (255, 226, 120), (250, 176, 196))


def draw_birds(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """Three gulls high up on the side away from the sun, in dry daylight."""
    if not sheet.detail or scene.light == "night" or scene.weather in ("rain", "snow"):
        return
    sheet.tint = PLAIN
    ink: Rgb = (88, 84, 112) if scene.light != "noon" else (250, 252, 252)
    for i, (dx, dy, s) in enumerate(((0.0, 0.0, 1.0), (0.075, 0.03, 0.8), (0.03, 0.065, 0.66))):
        x = 0.5 - lay.side * (0.41 - dx - 0.05 * lay.spots[60][0])
        y = 0.27 + dy + 0.04 * lay.spots[61][i]
        half = 0.021 * s
        wings = [(x - half, y - half * 0.3), (x - half * 0.45, y - half * 0.75), (x, y)]
        wings += [(x + half * 0.45, y - half * 0.75), (x + half, y - half * 0.3)]
        sheet.line(wings[:3], 0.0042 * s, ink, smooth=True)
        sheet.line(wings[2:], 0.0042 * s, ink, smooth=True)


def draw_land(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """Little firs on far hills, a sail at sea, tufts and daisies on the ground."""
    if not sheet.detail:
        return
    sheet.tint = land_tint(scene)
    y = lay.horizon
    if scene.place == "meadow":
        _hill_firs(sheet, scene, lay, y)
    elif scene.place == "seaside":
        _sail(sheet, lay, y - 0.06)
    if scene.place in ("meadow", "mountains", "forest", "town"):
        _tufts(sheet, scene, lay, y)
    elif scene.place == "seaside":
        _shells(sheet, lay)
    else:
        _ripples(sheet, scene, lay, y)


def _hill_firs(sheet: Sheet, scene: Scene, lay: SceneLayout, y: float) -> None:
    grass = GRASS[scene.season]
    color = mix(mix(grass, (30, 96, 92), 0.55), HAZE[scene.light], 0.16)
    for group, count in ((0.05, 3), (0.9, 4)):
        for i in range(count):
            u, _, w = lay.spots[52 + i + count]
            x = group + 0.032 * i
            h = 0.06 + 0.024 * w
            foot = y + 0.036 + 0.006 * u
            for k in range(3):
                low, half = foot - h * 0.26 * k, h * (0.3 - 0.065 * k)
                sheet.poly([(x - half, low), (x, low - h * 0.46), (x + half, low)], color)
            if scene.season == "winter":
                top = foot - h * 0.98
                sheet.poly(
                    [(x - 0.007, top + 0.017), (x, top), (x + 0.007, top + 0.017)], GRASS["winter"]
                )


def _sail(sheet: Sheet, lay: SceneLayout, y: float) -> None:
    x = 0.5 - lay.side * 0.43
    sheet.poly([(x, y - 0.035), (x, y + 0.006), (x + 0.024, y + 0.006)], (255, 250, 240))
    sheet.poly(
        [(x - 0.004, y - 0.026), (x - 0.004, y + 0.006), (x - 0.018, y + 0.006)], (240, 222, 204)
    )
    sheet.poly(
        [
            (x - 0.024, y + 0.008),
            (x + 0.028, y + 0.008),
            (x + 0.018, y + 0.018),
            (x - 0.016, y + 0.018),
        ],
        (150, 92, 76),
    )


def _tufts(sheet: Sheet, scene: Scene, lay: SceneLayout, y: float) -> None:
    grass = GRASS[scene.season]
    winter = scene.season == "winter"
    for i, (u, v, w) in enumerate(lay.spots):
        x, foot = (u + 0.37 * (i % 3)) % 1.0, y + 0.135 + (0.93 - y - 0.135) * v
        grow = 0.5 + 0.8 * v
        if winter:
            # Snow shows its hollows as soft blue strokes.
            sheet.oval(x, foot, 0.02 * grow * (0.5 + w), 0.0028 * grow, (196, 212, 232), 0.6)
            continue
        for k in (-1, 0, 1):
            tip = (x + 0.007 * k * grow, foot - (0.012 + 0.006 * w - 0.003 * abs(k)) * grow)
            sheet.line([(x, foot), tip], 0.0026 * grow, darker(grass, 0.22), 0.7)
        if scene.season != "autumn" and i % 2:
            _daisy(sheet, x + 0.02 * (w - 0.5), foot - 0.004, 0.0052 * grow, _DAISIES[i % 3])


def _daisy(sheet: Sheet, x: float, y: float, r: float, petal: Rgb) -> None:
    for k in range(5):
        a = 2 * pi * k / 5
        sheet.circle(x + r * cos(a), y + r * sin(a), r * 0.72, petal)
    sheet.circle(x, y, r * 0.6, (240, 166, 60))


def _shells(sheet: Sheet, lay: SceneLayout) -> None:
    for i, (u, v, w) in enumerate(lay.spots[:30]):
        x, y = u, 0.74 + 0.19 * v
        if i % 5 == 0:
            color = ((250, 190, 170), (255, 244, 230))[i // 5 % 2]
            fan = [
                (x + 0.01 * cos(pi + pi * k / 6), y + 0.01 * sin(pi + pi * k / 6)) for k in range(7)
            ]
            sheet.poly([*fan, (x, y + 0.007)], color)
        else:
            sheet.oval(x, y, 0.004 + 0.004 * w, 0.002, (150, 112, 84), 0.35)


def _ripples(sheet: Sheet, scene: Scene, lay: SceneLayout, y: float) -> None:
    color = (170, 110, 74) if scene.season != "winter" else (190, 200, 222)
    for u, v, w in lay.spots[:22]:
        foot, half = y + 0.15 + 0.2 * v, 0.03 + 0.04 * w
        points = [(u - half, foot), (u - half * 0.3, foot - 0.008), (u + half, foot + 0.002)]
        sheet.line(points, 0.003, color, 0.4, smooth=True)
