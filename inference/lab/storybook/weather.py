"""Weather: nothing, big clouds, rain or falling snow, the same in every light."""

from __future__ import annotations

from typing import Final

from inference.lab.storybook.layout import SceneLayout
from inference.lab.storybook.sheet import PLAIN, Rgb, Sheet, lighter
from inference.lab.storybook.styles import pixel_block
from inference.starter.scene import Scene

_CLOUD: Final[dict[str, Rgb]] = {
    "noon": (255, 255, 255),
    "sunset": (255, 222, 206),
    "night": (112, 126, 176),
    "grey day": (250, 251, 252),
}
_STORM: Final[dict[str, Rgb]] = {
    "noon": (104, 122, 148),
    "sunset": (118, 84, 116),
    "night": (56, 66, 104),
    "grey day": (88, 98, 112),
}
_LUMPS: Final = (
    (-0.36, -0.06, 0.2),
    (-0.12, -0.17, 0.27),
    (0.17, -0.12, 0.23),
    (0.38, -0.05, 0.17),
)


def _cloud(sheet: Sheet, x: float, y: float, size: float, color: Rgb, alpha: float) -> None:
    with sheet.at(x, y, size):
        for cx, cy, r in _LUMPS:
            sheet.circle(cx, cy + 0.04, r, color, alpha)
        sheet.rect(-0.52, -0.08, 1.04, 0.24, color, alpha, 0.12)
        for cx, cy, r in _LUMPS[1:3]:
            sheet.circle(cx - 0.03, cy + 0.02, r * 0.72, lighter(color, 0.35), alpha * 0.6)


def draw_clouds(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """Clouds behind the land's things: white ones when cloudy, a dark bank when it rains."""
    sheet.tint = PLAIN
    if scene.weather == "cloudy":
        for x, y, size in lay.clouds:
            _cloud(sheet, x, y + 0.06, size * 1.3, _CLOUD[scene.light], 0.96)
    elif scene.weather == "rain":
        color = _STORM[scene.light]
        for i, (x, y, size) in enumerate(
            ((0.12, 0.07, 0.44), (0.52, 0.04, 0.48), (0.9, 0.08, 0.42))
        ):
            _cloud(sheet, x, y, size, color if i % 2 else lighter(color, 0.08), 0.97)


def _falling_blocks(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """Drops and flakes on the grid of pixel art, where off-grid ones would turn to mist."""
    cell = pixel_block(sheet.size) / sheet.size
    tall = round(0.09 / cell) if scene.weather == "rain" else max(1, round(0.021 / cell))
    wide = 1 if scene.weather == "rain" else tall
    color: Rgb = (222, 238, 252) if scene.weather == "rain" else (255, 255, 255)
    for i in range(30):
        u, v, _ = lay.spots[i]
        x = int((i % 6 + 0.15 + 0.7 * u) / 6 / cell) * cell
        y = int((i // 6 + 0.1 + 0.8 * v) / 5 / cell) * cell
        sheet.rect(x, y, wide * cell, tall * cell, color)


def draw_falling(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """Rain or snow in front of everything."""
    sheet.tint = PLAIN
    if scene.style == "pixel art" and scene.weather in ("rain", "snow"):
        _falling_blocks(sheet, scene, lay)
    elif scene.weather == "rain":
        color: Rgb = (206, 228, 248) if scene.light in ("night", "sunset") else (232, 244, 255)
        for i in range(30):
            u, v, w = lay.spots[i]
            # A jittered grid covers the sheet evenly; pure chance leaves bald patches.
            x = (i % 6 + 0.15 + 0.7 * u) / 6
            y = (i // 6 + 0.1 + 0.8 * v) / 5
            length = 0.06 + 0.025 * w
            sheet.line([(x, y), (x - length * 0.3, y + length)], 0.0135, (52, 84, 134), 0.4)
            sheet.line([(x, y), (x - length * 0.3, y + length)], 0.0085, color, 0.95)
    elif scene.weather == "snow":
        for i in range(30):
            u, v, w = lay.spots[i]
            x = (i % 6 + 0.15 + 0.7 * u) / 6
            y = (i // 6 + 0.1 + 0.8 * v) / 5
            r = 0.0115 + 0.008 * w
            sheet.circle(x, y + 0.003, r * 1.15, (110, 136, 180), 0.34)
            sheet.circle(x, y, r, (255, 255, 255), 0.97)
