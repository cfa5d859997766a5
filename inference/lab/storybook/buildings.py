"""Subjects that are built: each with its foot at the origin, one unit high, in a local frame."""

from __future__ import annotations

from typing import Final

from inference.lab.storybook.sheet import Rgb, Sheet, darker, lighter, mix, partner

ROOF: Final[Rgb] = (84, 62, 86)
CREAM: Final[Rgb] = (255, 244, 222)
DOOR: Final[Rgb] = (64, 100, 112)
GLASS: Final[Rgb] = (255, 219, 128)
LAMP: Final[Rgb] = (255, 214, 112)
WOOD: Final[Rgb] = (126, 82, 62)


def window(sheet: Sheet, x: float, y: float, w: float, h: float, night: bool) -> None:
    """A framed window from its upper left corner; at night a lamp burns behind it."""
    if night:
        with sheet.glow():
            sheet.soft(x + w / 2, y + h / 2, w * 1.25, h * 1.25, LAMP, 0.55)
            sheet.rect(x, y, w, h, (255, 232, 176), r=w * 0.1)
            sheet.rect(x + w * 0.12, y + h * 0.1, w * 0.76, h * 0.8, LAMP)
            bar: Rgb = (196, 136, 84)
            sheet.rect(x + w * 0.45, y + h * 0.1, w * 0.1, h * 0.8, bar)
            sheet.rect(x + w * 0.12, y + h * 0.46, w * 0.76, h * 0.08, bar)
        return
    sheet.rect(x, y, w, h, CREAM, r=w * 0.1)
    sheet.rect(x + w * 0.12, y + h * 0.1, w * 0.76, h * 0.8, GLASS)
    sheet.rect(x + w * 0.45, y + h * 0.1, w * 0.1, h * 0.8, CREAM)
    sheet.rect(x + w * 0.12, y + h * 0.46, w * 0.76, h * 0.08, CREAM)


def _door(sheet: Sheet, x: float, w: float, h: float) -> None:
    sheet.rect(x - w / 2 - 0.02, -h - 0.02, w + 0.04, h + 0.02, CREAM, r=0.02)
    sheet.rect(x - w / 2, -h, w, h, DOOR, r=0.012)
    if sheet.detail:
        sheet.rect(x - w * 0.34, -h * 0.88, w * 0.68, h * 0.34, lighter(DOOR, 0.14), r=0.008)
        sheet.rect(x - w * 0.34, -h * 0.46, w * 0.68, h * 0.34, lighter(DOOR, 0.14), r=0.008)
    sheet.circle(x + w * 0.3, -h * 0.48, 0.014, GLASS)


def _smoke(sheet: Sheet, x: float, y: float) -> None:
    for i, r in enumerate((0.032, 0.045, 0.06)):
        sheet.circle(x + 0.03 * i * (i + 1) / 2, y - 0.075 * i, r, (250, 250, 250), 0.8)


def _tiles(sheet: Sheet) -> None:
    with sheet.inside([(-0.56, -0.55), (0, -1.0), (0.56, -0.55)]):
        for row in range(8):
            y = -0.955 + 0.057 * row
            for i in range(-11, 12):
                x = 0.052 * i + 0.026 * (row % 2)
                arc = [(x - 0.026, y - 0.012), (x - 0.014, y + 0.012), (x + 0.014, y + 0.012)]
                arc.append((x + 0.026, y - 0.012))
                sheet.line(arc, 0.006, lighter(ROOF, 0.22), 0.5, smooth=True)


def house(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A cottage with a gable roof, chimney and lit windows."""
    sheet.rect(0.24, -0.94, 0.13, 0.36, (138, 84, 70))
    sheet.rect(0.22, -0.97, 0.17, 0.055, darker((138, 84, 70), 0.3), r=0.01)
    _smoke(sheet, 0.33, -1.05)
    wall = [(-0.43, -0.6), (0.43, -0.6), (0.43, 0), (-0.43, 0)]
    sheet.shaded(wall, lighter(c, 0.08), darker(c, 0.2), (-0.43, 0), (0.43, 0))
    if sheet.detail:
        for i in range(1, 8):
            sheet.rect(-0.43, -0.6 + 0.075 * i, 0.86, 0.006, darker(c, 0.35), 0.5)
    sheet.rect(-0.43, -0.56, 0.86, 0.05, darker(c, 0.45), 0.35)
    roof = [(-0.56, -0.55), (0, -1.0), (0.56, -0.55)]
    sheet.shaded(roof, lighter(ROOF, 0.1), darker(ROOF, 0.3), (0, -1.0), (0, -0.55))
    if sheet.detail:
        _tiles(sheet)
    if snowy:
        snow = [(-0.56, -0.55), (0, -1.0), (0.56, -0.55), (0.36, -0.64), (0.18, -0.7)]
        sheet.poly([*snow, (0, -0.85), (-0.18, -0.7), (-0.36, -0.64)], (250, 252, 255))
    if night:
        with sheet.glow():
            sheet.circle(0, -0.72, 0.055, LAMP)
    else:
        sheet.circle(0, -0.72, 0.055, GLASS)
    window(sheet, -0.37, -0.46, 0.2, 0.2, night)
    window(sheet, 0.17, -0.46, 0.2, 0.2, night)
    _door(sheet, 0, 0.18, 0.36)


def lighthouse(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A tapering tower in broad bands with a lantern room; at night its beam is lit."""
    band = partner(c)
    rock: Rgb = (128, 122, 128)
    sheet.blob([(-0.36, 0.03), (-0.3, -0.09), (0, -0.1), (0.3, -0.08), (0.36, 0.03)], rock)

    def half(y: float) -> float:
        return 0.11 + 0.1 * (1 + y / 0.74)

    tower = [(-half(-0.74), -0.74), (half(-0.74), -0.74), (half(0), 0), (-half(0), 0)]
    sheet.shaded(tower, lighter(c, 0.12), darker(c, 0.28), (-0.2, 0), (0.2, 0))
    for low in (-0.2, -0.5):
        high = low - 0.14
        ring = [(-half(high), high), (half(high), high), (half(low), low), (-half(low), low)]
        sheet.shaded(ring, band, darker(band, 0.24), (-0.2, 0), (0.2, 0))
    sheet.rect(-0.17, -0.785, 0.34, 0.05, ROOF, r=0.012)
    if night:
        with sheet.glow():
            beam = [(0, -0.85), (1.3, -1.06), (1.3, -0.66)]
            sheet.beam(beam, (255, 236, 160), (0, -0.85), (1.25, -0.85))
            sheet.soft(0, -0.85, 0.26, 0.22, LAMP, 0.9)
            sheet.rect(-0.09, -0.92, 0.18, 0.135, (255, 244, 190))
    else:
        sheet.rect(-0.09, -0.92, 0.18, 0.135, GLASS)
        sheet.rect(-0.012, -0.92, 0.024, 0.135, CREAM)
    top = [(-0.14, -0.9), (0, -1.03), (0.14, -0.9)]
    sheet.poly(top, (250, 252, 255) if snowy else ROOF)
    _door(sheet, 0, 0.11, 0.16)


def windmill(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """A tower mill with four lattice sails."""
    body = [(-0.18, -0.66), (0.18, -0.66), (0.29, 0), (-0.29, 0)]
    sheet.shaded(body, lighter(c, 0.1), darker(c, 0.25), (-0.25, 0), (0.25, 0))
    cap = [(-0.22, -0.64), (-0.2, -0.76), (0, -0.84), (0.2, -0.76), (0.22, -0.64)]
    sheet.poly(cap, (246, 250, 255) if snowy else (112, 76, 70))
    window(sheet, -0.07, -0.46, 0.14, 0.15, night)
    _door(sheet, 0, 0.15, 0.23)
    for k in range(4):
        with sheet.at(0, -0.66, 1.0, turn=24 + 90 * k):
            sheet.line([(0, 0), (0, -0.46)], 0.03, darker(WOOD, 0.2))
            sheet.rect(0.012, -0.46, 0.125, 0.35, CREAM)
            sheet.rect(0.012, -0.46, 0.125, 0.35, (226, 196, 150), 0.35)
            for j in range(5 if sheet.detail else 3):
                y = -0.46 + 0.35 * j / (4 if sheet.detail else 2)
                sheet.line([(0, y), (0.137, y)], 0.012, (160, 112, 84))
            sheet.line([(0.137, -0.46), (0.137, -0.11)], 0.012, (160, 112, 84))
    sheet.circle(0, -0.66, 0.045, darker(WOOD, 0.4))


def castle(sheet: Sheet, c: Rgb, night: bool, snowy: bool) -> None:
    """Two round towers with pointed roofs, a keep behind and a gate between them."""
    roof: Rgb = (250, 252, 255) if snowy else (88, 70, 124)
    keep = [(-0.2, -0.68), (0.2, -0.68), (0.2, 0), (-0.2, 0)]
    sheet.shaded(keep, lighter(c, 0.02), darker(c, 0.26), (-0.2, 0), (0.2, 0))
    top = [(-0.26, -0.66), (0, -0.95), (0.26, -0.66)]
    sheet.shaded(top, lighter(roof, 0.14), darker(roof, 0.2), (-0.2, 0), (0.2, 0))
    sheet.line([(0, -0.93), (0, -1.03)], 0.014, darker(WOOD, 0.3))
    sheet.poly([(0.005, -1.04), (0.13, -1.005), (0.005, -0.965)], (236, 96, 86))
    wall = [(-0.4, -0.34), (0.4, -0.34), (0.4, 0), (-0.4, 0)]
    sheet.shaded(wall, lighter(c, 0.14), darker(c, 0.14), (-0.4, 0), (0.4, 0))
    for i in range(5):
        sheet.rect(-0.27 + 0.12 * i, -0.4, 0.066, 0.08, mix(lighter(c, 0.1), darker(c), i / 8))
    for side in (-1, 1):
        x = 0.4 * side
        tower = [(x - 0.14, -0.58), (x + 0.14, -0.58), (x + 0.14, 0), (x - 0.14, 0)]
        sheet.shaded(tower, lighter(c, 0.16), darker(c, 0.26), (x - 0.14, 0), (x + 0.14, 0))
        point = [(x - 0.19, -0.56), (x, -0.86), (x + 0.19, -0.56)]
        sheet.shaded(point, lighter(roof, 0.18), darker(roof, 0.2), (x - 0.14, 0), (x + 0.14, 0))
        window(sheet, x - 0.05, -0.44, 0.1, 0.14, night)
    window(sheet, -0.055, -0.6, 0.11, 0.14, night)
    gate = [(-0.1, 0), (-0.1, -0.15), (-0.07, -0.22), (0, -0.25), (0.07, -0.22), (0.1, -0.15)]
    sheet.poly([(x * 1.25, y * 1.1) for x, y in [*gate, (0.1, 0)]], CREAM)
    sheet.poly([*gate, (0.1, 0)], (104, 70, 60))
    if sheet.detail:
        for x in (-0.05, 0.0, 0.05):
            sheet.line([(x, -0.01), (x, -0.2)], 0.008, (70, 46, 44))
