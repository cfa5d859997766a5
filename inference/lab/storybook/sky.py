"""Sky, sun, moon and stars, and the light that falls on everything below them."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Final

from inference.lab.storybook.layout import SceneLayout
from inference.lab.storybook.sheet import PLAIN, Rgb, Sheet, Tint, tint_of
from inference.starter.scene import Scene

_SKIES: Final[dict[str, tuple[tuple[float, Rgb], ...]]] = {
    "noon": ((0.0, (104, 188, 232)), (0.4, (176, 222, 234)), (0.7, (246, 244, 216))),
    "sunset": (
        (0.0, (98, 66, 140)),
        (0.28, (214, 92, 122)),
        (0.5, (250, 146, 92)),
        (0.7, (255, 208, 120)),
    ),
    "night": ((0.0, (13, 18, 54)), (0.45, (32, 48, 108)), (0.7, (66, 90, 156))),
    "grey day": ((0.0, (138, 147, 158)), (0.35, (172, 179, 186)), (0.7, (206, 209, 210))),
}

_NIGHT: Final = tint_of((0.5, 0.54, 0.72), (4, 8, 28), 0.05)
_GREY: Final = tint_of((0.8, 0.82, 0.84), (2, 3, 5), 0.36)
_SUNSET: Final = tint_of((0.98, 0.8, 0.66), (8, 0, 4), 0.05)

# The light on the land; objects keep more of their own colour, so that a red house stays red.
LAND_TINTS: Final[dict[str, Tint]] = {
    "noon": PLAIN,
    "sunset": _SUNSET,
    "night": _NIGHT,
    "grey day": _GREY,
}
OBJECT_TINTS: Final[dict[str, Tint]] = {
    "noon": PLAIN,
    "sunset": tint_of((1.0, 0.9, 0.85), (4, -2, 0)),
    "night": tint_of((0.8, 0.75, 0.83), (0, 4, 14)),
    "grey day": tint_of((0.9, 0.9, 0.9), (0, 1, 3), 0.08),
}
# Snow takes the pink of a sunset, or it would look like sand; at night it is the brightest land.
_SNOW_TINTS: Final[dict[str, Tint]] = {
    "sunset": tint_of((0.9, 0.76, 0.84), (4, 0, 6), 0.05),
    "night": tint_of((0.62, 0.66, 0.8), (4, 8, 22), 0.05),
}


def land_tint(scene: Scene) -> Tint:
    """The light on the land, which snow takes differently."""
    if scene.season == "winter":
        return _SNOW_TINTS.get(scene.light, LAND_TINTS[scene.light])
    return LAND_TINTS[scene.light]


# What the far land fades into.
HAZE: Final[dict[str, Rgb]] = {
    "noon": (214, 232, 226),
    "sunset": (255, 196, 150),
    "night": (120, 150, 220),
    "grey day": (206, 210, 214),
}


def draw_sky(sheet: Sheet, scene: Scene, place: SceneLayout) -> None:
    """The sky of a light with its sun, moon, stars or low cloud."""
    sheet.tint = PLAIN
    sheet.wash(_SKIES[scene.light])
    x = 0.5 + place.side * 0.29
    if scene.light == "noon":
        for r, alpha in ((0.17, 0.16), (0.13, 0.24)):
            sheet.circle(x, 0.2, r, (255, 226, 128), alpha)
        sheet.circle(x, 0.2, 0.085, (255, 213, 92))
    elif scene.light == "sunset":
        y = place.horizon - 0.14
        for r, alpha in ((0.3, 0.12), (0.23, 0.16), (0.17, 0.24)):
            sheet.circle(x, y, r, (255, 222, 130), alpha)
        sheet.circle(x, y, 0.115, (255, 236, 150))
    elif scene.light == "night":
        _night(sheet, place, x)
    else:
        for i in range(3):
            y = 0.12 + 0.15 * i
            shift = 0.1 * ((i + place.side) % 2)
            sheet.rect(-0.3 + shift * 5, y, 0.85, 0.065, (224, 226, 228), 0.4, 0.033)
            sheet.rect(0.72 + shift, y + 0.05, 0.6, 0.06, (118, 126, 137), 0.28, 0.03)


def _night(sheet: Sheet, place: SceneLayout, x: float) -> None:
    for i, (u, v, w) in enumerate(place.spots[:26]):
        y = 0.03 + v * 0.5
        # No star in front of the moon.
        if abs(u - x) < 0.13 and abs(y - 0.19) < 0.13:
            continue
        r = 0.0045 + 0.0055 * w
        if i % 5 == 0:
            r *= 1.9
            arms = [(u, y - r * 1.6), (u + r * 0.4, y - r * 0.4), (u + r * 1.6, y)]
            arms += [(u + r * 0.4, y + r * 0.4), (u, y + r * 1.6), (u - r * 0.4, y + r * 0.4)]
            arms += [(u - r * 1.6, y), (u - r * 0.4, y - r * 0.4)]
            sheet.poly(arms, (255, 246, 206))
        else:
            sheet.circle(u, y, r, (255, 250, 224), 0.95)
    for r, alpha in ((0.17, 0.09), (0.125, 0.14)):
        sheet.circle(x, 0.19, r, (255, 244, 200), alpha)
    sheet.circle(x, 0.19, 0.085, (255, 243, 198))
    # A bite of sky makes it a crescent and not a pale sun.
    with sheet.inside(_ring(x, 0.19, 0.086)):
        sheet.circle(x - place.side * 0.045, 0.168, 0.075, (30, 44, 100))


def _ring(x: float, y: float, r: float) -> list[tuple[float, float]]:
    return [(x + r * cos(i * pi / 24), y + r * sin(i * pi / 24)) for i in range(48)]
