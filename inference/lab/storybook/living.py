"""Subjects that grow, swim, walk or travel: origin at the foot, one unit high."""

from __future__ import annotations

from math import cos, pi, sin
from typing import Final

from inference.lab.storybook.buildings import CREAM, LAMP, WOOD
from inference.lab.storybook.sheet import Point, Rgb, Sheet, darker, lighter, mix, partner

_INK: Final[Rgb] = (48, 36, 52)


def tree(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A round old tree with a hollow in its trunk."""
    trunk = [(-0.09, 0.0), (-0.065, -0.42), (0.065, -0.42), (0.1, 0.0)]
    sheet.shaded(trunk, lighter(WOOD, 0.12), darker(WOOD, 0.3), (-0.1, 0), (0.1, 0))
    sheet.line([(0, -0.36), (-0.16, -0.5)], 0.05, WOOD)
    sheet.line([(0.01, -0.36), (0.17, -0.5)], 0.05, WOOD)
    for x, y, r, shade in (
        (-0.22, -0.5, 0.2, 0.24),
        (0.22, -0.5, 0.2, 0.3),
        (0.0, -0.55, 0.24, 0.2),
    ):
        sheet.circle(x, y, r, darker(c, shade))
    sheet.circle(0.14, -0.68, 0.21, darker(c, 0.1))
    sheet.circle(-0.12, -0.66, 0.23, c)
    sheet.circle(0.0, -0.79, 0.21, c)
    sheet.circle(-0.07, -0.8, 0.12, lighter(c, 0.22))
    sheet.circle(-0.2, -0.6, 0.09, lighter(c, 0.16))
    sheet.oval(0.01, -0.22, 0.03, 0.045, darker(WOOD, 0.55))
    if snowy:
        cap = [(-0.2, -0.86), (-0.12, -0.98), (0, -1.02), (0.13, -0.98), (0.2, -0.85)]
        sheet.blob([*cap, (0.09, -0.9), (0, -0.86), (-0.1, -0.91)], (250, 252, 255))


def _water(sheet: Sheet, half: float, y: float, snowy: bool) -> None:
    rim = [(half * cos(i * pi / 6), y + 0.125 * sin(i * pi / 6)) for i in range(12)]
    water: Rgb = (176, 214, 234) if snowy else (70, 160, 206)
    sheet.blob([(x * 1.14, (q - y) * 1.2 + y) for x, q in rim], mix(water, (255, 255, 255), 0.55))
    sheet.blob([(x * 1.07, q) for x, q in rim], water)
    for x, q, w in ((-0.5, 0.03, 0.2), (0.42, -0.03, 0.22), (0.08, 0.075, 0.26)):
        sheet.line([(x * half - w / 2, y + q), (x * half + w / 2, y + q)], 0.016, CREAM, 0.6)


def boat(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A sailing boat on a pond of its own."""
    _water(sheet, 0.72, -0.02, snowy)
    sheet.line([(0.02, -0.2), (0.02, -0.98)], 0.03, WOOD)
    main = [(0.06, -0.95), (0.4, -0.46), (0.44, -0.32), (0.06, -0.32)]
    sheet.shaded(main, CREAM, (228, 214, 190), (0.06, 0), (0.44, 0))
    sheet.shaded(
        [(-0.02, -0.88), (-0.02, -0.32), (-0.38, -0.32)],
        lighter(c, 0.2),
        c,
        (-0.38, 0),
        (-0.02, 0),
    )
    sheet.poly([(0.02, -1.0), (0.19, -0.965), (0.02, -0.92)], c)
    hull = [(-0.54, -0.29), (0.58, -0.29), (0.44, -0.09), (0.34, -0.04), (-0.32, -0.04)]
    sheet.shaded([*hull, (-0.44, -0.1)], lighter(c, 0.08), darker(c, 0.3), (0, -0.28), (0, -0.04))
    sheet.line([(-0.52, -0.275), (0.56, -0.275)], 0.04, CREAM)
    for x in (-0.24, 0.0, 0.24):
        if night:
            with sheet.glow():
                sheet.circle(x, -0.175, 0.035, LAMP)
        else:
            sheet.circle(x, -0.175, 0.035, CREAM)
    sheet.line([(-0.5, -0.015), (0.5, -0.015)], 0.03, (232, 246, 248), 0.8)


def cat(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A sitting cat, facing us, tail around the side."""
    dark, pale = darker(c, 0.28), lighter(c, 0.62)
    inner = mix((255, 170, 170), c, 0.2)
    tail = [(0.2, -0.08), (0.5, -0.05), (0.56, -0.34), (0.42, -0.5)]
    sheet.line(tail, 0.11, darker(c, 0.14), smooth=True)
    sheet.circle(0.42, -0.5, 0.056, pale)
    body = [(-0.33, 0.02), (-0.34, -0.3), (-0.2, -0.64), (0.2, -0.64), (0.34, -0.3), (0.33, 0.02)]
    sheet.shaded(body, lighter(c, 0.08), dark, (-0.2, -0.5), (0.3, 0.1), smooth=True)
    sheet.blob([(-0.14, -0.02), (-0.14, -0.4), (0.14, -0.4), (0.14, -0.02)], pale)
    for x in (-0.13, 0.13):
        sheet.oval(x, -0.025, 0.115, 0.055, c)
        sheet.oval(x, -0.035, 0.1, 0.04, lighter(c, 0.2))
    for s in (-1, 1):
        sheet.poly([(0.3 * s, -0.62), (0.29 * s, -0.99), (0.04 * s, -0.84)], c)
        sheet.poly([(0.25 * s, -0.7), (0.255 * s, -0.91), (0.1 * s, -0.83)], inner)
    sheet.shaded_oval(0, -0.66, 0.31, 0.235, lighter(c, 0.12), darker(c, 0.12))
    sheet.oval(0, -0.57, 0.15, 0.1, pale)
    for s in (-1, 1):
        if night:
            with sheet.glow():
                sheet.oval(0.135 * s, -0.69, 0.055, 0.062, (255, 226, 110))
        else:
            sheet.oval(0.135 * s, -0.69, 0.055, 0.062, (255, 250, 230))
        sheet.oval(0.13 * s, -0.685, 0.034, 0.05, _INK)
        for k in (-1, 0, 1) if sheet.detail else ():
            end = (0.4 * s, -0.57 + 0.045 * k)
            sheet.line([(0.13 * s, -0.575 + 0.012 * k), end], 0.008, _INK, 0.7)
    sheet.poly([(-0.04, -0.61), (0.04, -0.61), (0, -0.57)], (226, 104, 116))
    sheet.line([(-0.085, -0.555), (-0.045, -0.515), (0, -0.555)], 0.014, _INK, smooth=True)
    sheet.line([(0.085, -0.555), (0.045, -0.515), (0, -0.555)], 0.014, _INK, smooth=True)


def swan(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A swan on a pond of its own: long bent neck, lifted wing."""
    _water(sheet, 0.66, -0.02, snowy)
    neck = [(-0.2, -0.3), (-0.44, -0.42), (-0.36, -0.66), (-0.14, -0.78), (-0.2, -0.93)]
    sheet.line([*neck, (-0.36, -0.88)], 0.13, c, smooth=True)
    body = [(-0.5, -0.24), (-0.36, -0.04), (0.34, -0.02), (0.6, -0.3), (0.68, -0.56)]
    body += [(0.3, -0.4), (-0.2, -0.46)]
    sheet.shaded(body, lighter(c, 0.1), darker(c, 0.2), (0, -0.4), (0, 0), smooth=True)
    for k in range(3):
        wing = [(-0.16 + 0.05 * k, -0.22), (0.06, -0.12), (0.4 - 0.08 * k, -0.2 - 0.02 * k)]
        wing += [(0.6 - 0.13 * k, -0.5 + 0.02 * k), (0.16, -0.44 + 0.03 * k)]
        sheet.blob(wing, (darker(c, 0.12), lighter(c, 0.12), lighter(c, 0.34))[k])
    sheet.shaded_oval(-0.3, -0.89, 0.12, 0.1, lighter(c, 0.15), c)
    sheet.poly([(-0.4, -0.94), (-0.58, -0.83), (-0.4, -0.82)], (244, 140, 48))
    sheet.poly([(-0.395, -0.94), (-0.44, -0.91), (-0.41, -0.84), (-0.38, -0.84)], _INK)
    sheet.circle(-0.31, -0.91, 0.024, _INK)
    sheet.line([(-0.44, -0.015), (0.46, -0.015)], 0.03, (232, 246, 248), 0.8)


def car(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A small round car with big wheels and luggage on its roof."""
    sheet.rect(-0.36, -1.0, 0.3, 0.2, (150, 100, 70), r=0.03)
    sheet.rect(-0.04, -0.96, 0.26, 0.16, (206, 160, 100), r=0.03)
    sheet.line([(-0.44, -0.8), (0.34, -0.8)], 0.035, _INK)
    cabin = [(-0.62, -0.42), (-0.46, -0.84), (0.32, -0.84), (0.52, -0.42)]
    sheet.shaded(cabin, lighter(c, 0.16), c, (0, -0.8), (0, -0.4), smooth=False)
    glass: Rgb = (188, 226, 238)
    left = [(-0.48, -0.46), (-0.38, -0.75), (-0.08, -0.75), (-0.08, -0.46)]
    right = [(0.0, -0.46), (0.0, -0.75), (0.26, -0.75), (0.4, -0.46)]
    for pane in (left, right):
        if night:
            with sheet.glow():
                sheet.poly(pane, (255, 226, 150))
        else:
            sheet.shaded(pane, glass, (140, 188, 210), (0, -0.75), (0, -0.46))
    body = [(-0.84, -0.14), (-0.86, -0.4), (-0.6, -0.5), (0.52, -0.5), (0.88, -0.4), (0.9, -0.14)]
    sheet.shaded(body, lighter(c, 0.1), darker(c, 0.24), (0, -0.5), (0, -0.14))
    sheet.rect(-0.88, -0.2, 1.8, 0.06, (214, 218, 224), r=0.03)
    sheet.line([(-0.04, -0.46), (-0.04, -0.2)], 0.014, darker(c, 0.4), 0.7)
    for x in (-0.48, 0.5):
        sheet.circle(x, -0.19, 0.21, _INK)
        sheet.circle(x, -0.19, 0.11, (216, 220, 226))
        sheet.circle(x, -0.19, 0.04, _INK)
    if night:
        with sheet.glow():
            rays = [(0.88, -0.36), (1.4, -0.5), (1.4, -0.06)]
            sheet.beam(rays, (255, 236, 160), (0.88, -0.34), (1.4, -0.34))
            sheet.circle(0.84, -0.34, 0.075, (255, 244, 196))
    else:
        sheet.circle(0.84, -0.34, 0.07, (255, 240, 190))
    if snowy:
        sheet.rect(-0.46, -0.86, 0.8, 0.06, (250, 252, 255), r=0.03)


def balloon(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A hot air balloon a little above the ground."""
    for x in (-0.1, 0.1):
        sheet.line([(x * 1.9, -0.36), (x, -0.2)], 0.014, _INK)
    basket = [(-0.12, -0.22), (0.12, -0.22), (0.1, -0.05), (-0.1, -0.05)]
    sheet.shaded(basket, (190, 132, 82), (126, 82, 56), (-0.1, 0), (0.1, 0))
    sheet.line([(-0.12, -0.21), (0.12, -0.21)], 0.03, (110, 70, 52))
    bag: list[Point] = [
        (0.38 * sin(a) * (1.0 if a < 1.9 else 1 - 0.28 * (a - 1.9)), -0.66 - 0.36 * cos(a))
        for a in (pi * i / 20 for i in range(18))
    ]
    shape = [*bag, *[(-x, y) for x, y in reversed(bag)]]
    sheet.shaded(shape, lighter(c, 0.1), darker(c, 0.22), (-0.34, -0.8), (0.36, -0.5))
    with sheet.inside(shape):
        for s in (-1, 1):
            band = [(0.13 * s, -1.05), (0.235 * s, -0.66), (0.13 * s, -0.28)]
            sheet.line(band, 0.07, mix(c, partner(c), 0.6), smooth=True)
        sheet.oval(-0.16, -0.86, 0.09, 0.07, (255, 255, 255), 0.3)
        if night:
            with sheet.glow():
                sheet.soft(0, -0.4, 0.3, 0.3, LAMP, 0.75)
    sheet.rect(-0.15, -0.37, 0.3, 0.04, CREAM, r=0.02)
    if night:
        with sheet.glow():
            sheet.soft(0, -0.28, 0.09, 0.09, LAMP, 1.0)
