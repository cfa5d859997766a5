"""Second objects, smaller than the subject: origin at the foot, one unit high."""

from __future__ import annotations

from math import cos, pi, sin

from inference.lab.storybook import living
from inference.lab.storybook.buildings import CREAM, WOOD
from inference.lab.storybook.sheet import Rgb, Sheet, darker, lighter, mix, partner


def apple_tree(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A tree hung with apples, in a crown of the given colour."""
    trunk = [(-0.06, 0.0), (-0.045, -0.5), (0.045, -0.5), (0.06, 0.0)]
    sheet.shaded(trunk, lighter(WOOD, 0.08), darker(WOOD, 0.2), (-0.06, 0), (0.06, 0))
    sheet.circle(-0.17, -0.53, 0.17, darker(c, 0.24))
    sheet.circle(0.18, -0.51, 0.165, darker(c, 0.3))
    sheet.circle(0.0, -0.74, 0.255, c)
    sheet.circle(-0.03, -0.58, 0.19, lighter(c, 0.06))
    sheet.circle(0.1, -0.64, 0.13, lighter(c, 0.16))
    # Apples must stand out from any crown: golden ones on the reds, red ones elsewhere.
    warm = c[0] > 200 and c[1] < 140
    apple: Rgb = (255, 214, 80) if warm else (222, 62, 54)
    spots = ((-0.2, -0.5), (-0.12, -0.68), (0.03, -0.86), (0.13, -0.6), (0.24, -0.48))
    for x, y in (*spots, (-0.02, -0.52), (0.14, -0.76), (-0.14, -0.84)):
        sheet.circle(x, y, 0.042, apple)
        if sheet.detail:
            sheet.circle(x - 0.012, y - 0.014, 0.012, lighter(apple, 0.6))
    if snowy:
        cap = [(-0.19, -0.86), (-0.1, -0.98), (0, -1.01), (0.1, -0.98), (0.19, -0.86)]
        sheet.blob([*cap, (0.07, -0.91), (-0.06, -0.9)], (250, 252, 255))


def ball(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A beach ball with cream panels and a shine."""
    rim = [(0.5 * cos(i * pi / 24), -0.5 + 0.5 * sin(i * pi / 24)) for i in range(48)]
    sheet.shaded_oval(0, -0.5, 0.5, 0.5, lighter(c, 0.12), darker(c, 0.3))
    with sheet.inside(rim):
        sheet.line([(-0.5, -0.26), (0, -0.56), (0.56, -0.42)], 0.17, partner(c), smooth=True)
        sheet.circle(-0.18, -0.74, 0.11, (255, 255, 255), 0.6)


def umbrella(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A big open parasol."""
    sheet.line([(0, -0.92), (0, -0.02)], 0.045, (232, 226, 216))
    sheet.line([(0.0, -0.94), (0, -0.99)], 0.05, darker(c, 0.3))
    top = [(0.56 * cos(pi + i * pi / 16), -0.48 + 0.46 * sin(pi + i * pi / 16)) for i in range(17)]
    hem = [(0.56 - 0.28 * k - 0.14 * j, -0.48 - 0.07 * (j % 2)) for k in range(4) for j in (0, 1)]
    shape = [*top, *hem]
    sheet.shaded(shape, lighter(c, 0.16), darker(c, 0.16), (-0.5, -0.7), (0.5, -0.5))
    with sheet.inside(shape):
        for s in (-1, 1):
            panel = [(0, -0.95), (0.3 * s, -0.44), (0.13 * s, -0.44)]
            sheet.poly(panel, mix(c, partner(c), 0.65))


def flag(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A waving flag on a pole."""
    sheet.line([(-0.3, 0), (-0.3, -0.96)], 0.05, (236, 230, 220))
    sheet.circle(-0.3, -0.98, 0.045, (255, 206, 90))
    upper = [(-0.28 + 0.034 * i, -0.92 - 0.035 * sin(i * 0.36)) for i in range(21)]
    lower = [(x, y + 0.4) for x, y in reversed(upper)]
    sheet.shaded([*upper, *lower], lighter(c, 0.1), darker(c, 0.16), (-0.3, 0), (0.4, 0))
    stripe = [(x, y + 0.16) for x, y in upper] + [(x, y - 0.16) for x, y in lower]
    sheet.poly(stripe, partner(c))


def mushroom(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A fat toadstool with spots."""
    stem = [(-0.17, 0.02), (-0.12, -0.5), (0.12, -0.5), (0.17, 0.02)]
    sheet.shaded(stem, CREAM, (222, 204, 178), (-0.1, 0), (0.16, 0))
    sheet.oval(0, -0.47, 0.4, 0.09, (226, 206, 186))
    cap = [(0.52 * cos(pi + i * pi / 16), -0.46 + 0.53 * sin(pi + i * pi / 16)) for i in range(17)]
    sheet.shaded([*cap, (0, -0.38)], lighter(c, 0.12), darker(c, 0.2), (-0.3, -0.9), (0.3, -0.4))
    spot: Rgb = (255, 250, 240) if sum(c) < 700 else (214, 120, 120)
    for x, y, r in ((-0.27, -0.63, 0.085), (0.04, -0.8, 0.1), (0.3, -0.6, 0.075)):
        sheet.circle(x, y, r, spot)
    sheet.circle(0.03, -0.54, 0.055, spot)


def cat(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """The same cat that can be a subject."""
    living.cat(sheet, c, night, snowy)
