"""What is in front of the subject: path, flowers or fence, and the leaves of the season."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Final

from inference.lab.storybook.layout import SceneLayout
from inference.lab.storybook.places import GRASS, wave
from inference.lab.storybook.sheet import Rgb, Sheet, darker, lighter, mix
from inference.lab.storybook.sky import OBJECT_TINTS, land_tint
from inference.starter.scene import Scene

_PETALS: Final[tuple[Rgb, ...]] = (
    (255, 250, 240),
    (255, 212, 72),
    (248, 132, 158),
    (196, 118, 214),
)
_BUSH: Final[dict[str, Rgb]] = {
    "spring": (148, 200, 104),
    "summer": (46, 122, 70),
    "autumn": (214, 96, 40),
    "winter": (236, 243, 250),
}


def draw_path(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """A winding path from the subject's foot to the lower edge."""
    sheet.tint = land_tint(scene)
    x, y, s = lay.subject_x, lay.base_y - 0.005, lay.side
    color: Rgb = (206, 176, 142) if scene.season == "winter" else (240, 218, 172)
    if scene.place == "seaside":
        color = (158, 108, 86)
    elif scene.place == "desert" and scene.season != "winter":
        color = (255, 238, 206)
    left: list[tuple[float, float]] = []
    right: list[tuple[float, float]] = []
    for i in range(17):
        t = i / 16
        middle = x + s * (0.06 * sin(pi * 1.25 * t) + 0.02 * t)
        half = 0.032 + 0.085 * t * t + 0.02 * t
        left.append((middle - half, y + (1.02 - y) * t))
        right.append((middle + half, y + (1.02 - y) * t))
    shape = [*left, *reversed(right)]
    sheet.shaded(shape, darker(color, 0.1), lighter(color, 0.12), (0, y), (0, 1))
    for rim in (left, right):
        sheet.line(rim, 0.007, darker(color, 0.34), 0.55)
    if sheet.detail:
        for u, v, w in lay.spots[:14]:
            t = 0.25 + 0.75 * v
            middle = x + s * (0.06 * sin(pi * 1.25 * t) + 0.02 * t)
            spot = (middle + (u - 0.5) * 0.11 * t, y + (1.02 - y) * t)
            sheet.oval(*spot, 0.004 + 0.006 * w, 0.003 + 0.003 * w, darker(color, 0.2), 0.6)


def draw_fence(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """A white garden fence across the front, at least 14 px high at 128 px."""
    sheet.tint = OBJECT_TINTS[scene.light]
    white: Rgb = (255, 248, 230)
    # The outline keeps a white fence apart from snow and sand.
    outline: Rgb = (142, 100, 82)
    posts: list[tuple[float, float]] = []
    for i in range(8):
        # It starts at the subject's own edge of the picture and ends before the second object.
        x = -0.015 + 0.083 * i
        posts.append((x if lay.side > 0 else 1 - x, 0.965 - 0.012 * sin(i * 0.7)))
    for x, y in posts:
        sheet.soft(x + 0.008, y, 0.045, 0.012, (40, 40, 60), 0.3)
    rails = [[(x, y - rise) for x, y in posts] for rise in (0.04, 0.09)]
    for width, color in ((0.028, outline), (0.018, white)):
        for rail in rails:
            sheet.line(rail, width, color)
    for grow, color in ((0.006, outline), (0.0, white)):
        for x, y in posts:
            half, top = 0.017 + grow, y - 0.118
            post = [(x - half, y + grow), (x - half, top), (x, top - 0.024 - 1.4 * grow)]
            sheet.poly([*post, (x + half, top), (x + half, y + grow)], color)


def draw_flowers(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """A row of tall flowers along the front, each about 14 px at 128 px."""
    sheet.tint = OBJECT_TINTS[scene.light]
    stalk: Rgb = (66, 134, 70)
    for i in range(8):
        u, v, w = lay.spots[20 + i]
        x = 0.05 + 0.079 * i + 0.022 * (u - 0.5)
        x = x if lay.side > 0 else 1 - x
        y = 0.985 - 0.03 * (i % 2) - 0.01 * v
        h = 0.088 + 0.02 * w
        top = (x + 0.012 * (v - 0.5), y - h)
        sheet.line([(x, y), top], 0.009, stalk)
        for s in (-1, 1):
            leaf = [(x, y - h * 0.2), (x + 0.02 * s, y - h * 0.5), (x + 0.03 * s, y - h * 0.6)]
            sheet.blob([*leaf, (x + 0.024 * s, y - h * 0.3)], stalk)
        _flower(sheet, top[0], top[1], 0.03 + 0.004 * w, _PETALS[(i + int(u * 4)) % 4])


def _flower(sheet: Sheet, x: float, y: float, r: float, petal: Rgb) -> None:
    for k in range(5):
        a = 2 * pi * k / 5 - pi / 2
        spot = (x + r * 0.62 * cos(a), y + r * 0.62 * sin(a))
        sheet.circle(*spot, r * 0.52, petal if k % 2 else lighter(petal, 0.15))
    middle: Rgb = (240, 150, 50) if petal[2] < 230 or petal[1] > 230 else (255, 220, 90)
    sheet.circle(x, y, r * 0.36, middle)


def draw_season(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """Turf along the lower edge with a bush in one corner: the season in every place."""
    sheet.tint = land_tint(scene)
    grass = GRASS[scene.season]
    # Sand says little about the season, so there the turf is broad.
    y = 0.895 if scene.place in ("seaside", "desert") else 0.955
    rim = wave(y, 0.012, lay.hills[5], 1.1)
    sheet.shaded(rim, lighter(grass, 0.08), darker(grass, 0.2), (0, y - 0.025), (0, 1.0))
    if sheet.detail and scene.season != "winter":
        for u, v, w in lay.spots:
            x, foot = u, y + 0.015 + (1.0 - y) * v
            for k in (-1, 0, 1):
                tip = (x + 0.006 * k, foot - 0.012 - 0.008 * w)
                sheet.line([(x, foot), tip], 0.0022, darker(grass, 0.26), 0.8)


def draw_bush(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """The corner bush: blossom, leaf, russet or snow."""
    # As bright as things are, or a night would hide the season.
    sheet.tint = land_tint(scene) if scene.season == "winter" else OBJECT_TINTS[scene.light]
    leaf = _BUSH[scene.season]
    s = lay.side

    def place(x: float) -> float:
        return 1 - x if s > 0 else x

    lumps = ((0.2, 1.0, 0.075), (0.12, 0.97, 0.1), (0.02, 0.93, 0.11), (0.07, 0.96, 0.09))
    for i, (x, y, r) in enumerate(lumps):
        color = darker(leaf, (0.2, 0.1, 0.06, 0.0)[i] * (0.6 if scene.season == "winter" else 1.0))
        sheet.circle(place(x), y, r, color)
    sheet.circle(place(0.05), 0.93, 0.055, lighter(leaf, 0.16))
    spots = ((0.02, 0.86), (0.09, 0.9), (0.05, 0.955), (0.14, 0.93), (0.19, 0.965), (0.115, 0.98))
    for i, (x, y) in enumerate(spots):
        if scene.season == "spring":
            for k in range(4):
                a = pi / 4 + k * pi / 2
                petal = (place(x) + 0.011 * cos(a), y + 0.011 * sin(a))
                sheet.circle(*petal, 0.0105, (255, 172, 204))
            sheet.circle(place(x), y, 0.006, (255, 236, 150))
        elif scene.season == "autumn":
            sheet.circle(place(x), y, 0.014, ((246, 178, 60), (168, 50, 40))[i % 2])
        elif scene.season == "summer":
            sheet.circle(place(x), y, 0.011, mix(leaf, (150, 210, 90), 0.5))
        else:
            sheet.circle(place(x), y, 0.011, (206, 60, 62))


def draw_litter(sheet: Sheet, scene: Scene, lay: SceneLayout) -> None:
    """Petals in spring and leaves in autumn on the ground around the subject."""
    if scene.season not in ("spring", "autumn"):
        return
    sheet.tint = land_tint(scene)
    for i, (u, v, w) in enumerate(lay.spots[:22]):
        x, y = u, 0.75 + 0.2 * v
        if scene.season == "spring":
            sheet.circle(x, y, 0.0062 + 0.003 * w, ((255, 190, 214), (255, 244, 248))[i % 2])
        else:
            color = ((222, 82, 38), (246, 178, 60), (168, 60, 44))[i % 3]
            r = 0.011 + 0.004 * w
            with sheet.at(x, y, r, turn=360 * w):
                sheet.blob([(-1.2, 0), (0, -0.8), (1.3, 0), (0, 0.8)], color)
