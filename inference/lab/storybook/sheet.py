"""The sheet of paper everything is drawn on: antialiased shapes in unit coordinates, lit colours.

The only file that uses skia. Colours pass through the light of the scene on their way to
the canvas, except when something glows by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise

import numpy as np
import skia  # type: ignore[import-untyped,unused-ignore]  # a compiled module without stubs
from numpy.typing import NDArray

Rgb = tuple[int, int, int]
Point = tuple[float, float]
# A colour matrix: out = rows · (r, g, b, 1), in 0..255.
Tint = tuple[tuple[float, float, float, float], ...]

PLAIN: Tint = ((1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), (0.0, 0.0, 1.0, 0.0))


@lru_cache(maxsize=8192)
def lit(color: Rgb, tint: Tint) -> Rgb:
    """A colour (0..255) under a light."""
    r, g, b = color
    out = [min(255, max(0, round(m[0] * r + m[1] * g + m[2] * b + m[3]))) for m in tint]
    return out[0], out[1], out[2]


def mix(a: Rgb, b: Rgb, share: float) -> Rgb:
    """``a`` with ``share`` (0..1) of ``b``."""
    r, g, c = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return r, g, c


def darker(color: Rgb, share: float = 0.25) -> Rgb:
    """Towards a warm shadow."""
    return mix(color, (38, 24, 48), share)


def lighter(color: Rgb, share: float = 0.3) -> Rgb:
    """Towards cream."""
    return mix(color, (255, 250, 236), share)


def partner(color: Rgb) -> Rgb:
    """The colour of stripes and spots on a thing: cream, or slate where the thing is white."""
    return (255, 244, 222) if sum(color) < 700 else (168, 184, 204)


def tint_of(
    gain: tuple[float, float, float],
    lift: tuple[float, float, float] = (0.0, 0.0, 0.0),
    fade: float = 0.0,
) -> Tint:
    """A light: each channel scaled and lifted after ``fade`` of the colour turned to grey."""
    grey = (0.30, 0.59, 0.11)
    return tuple(
        (
            gain[i] * (fade * grey[0] + (1 - fade) * (i == 0)),
            gain[i] * (fade * grey[1] + (1 - fade) * (i == 1)),
            gain[i] * (fade * grey[2] + (1 - fade) * (i == 2)),
            lift[i],
        )
        for i in range(3)
    )


class Sheet:
    """A canvas of size × size pixels addressed in the unit square.

    Attributes:
        tint: the light on the next shapes; `glow` draws without it.
        size: pixels per side.
        detail: whether small touches show; below 256 px they would only be noise.
    """

    def __init__(self, size: int) -> None:
        self._pixels = np.zeros((size, size, 4), np.uint8)
        self._surface = skia.Surface(self._pixels)
        self._canvas = self._surface.getCanvas()
        self._canvas.scale(size, size)
        self.tint: Tint = PLAIN
        self.size = size
        self.detail = size >= 256

    def pixels(self) -> NDArray[np.uint8]:
        """What was drawn: (size, size, 4) uint8 RGBA, premultiplied."""
        self._surface.flushAndSubmit()
        return self._pixels

    @contextmanager
    def at(
        self, x: float, y: float, scale: float = 1.0, flip: bool = False, turn: float = 0.0
    ) -> Iterator[None]:
        """Draw in a local frame: origin at (x, y), one unit = ``scale``, turned by degrees."""
        self._canvas.save()
        self._canvas.translate(x, y)
        if turn:
            self._canvas.rotate(turn)
        self._canvas.scale(-scale if flip else scale, scale)
        yield
        self._canvas.restore()

    @contextmanager
    def inside(self, shape: Sequence[Point], smooth: bool = False) -> Iterator[None]:
        """Draw only within a closed shape."""
        self._canvas.save()
        self._canvas.clipPath(_path(shape, smooth), doAntiAlias=True)
        yield
        self._canvas.restore()

    @contextmanager
    def glow(self) -> Iterator[None]:
        """Draw things that give light themselves: the tint does not touch them."""
        before, self.tint = self.tint, PLAIN
        yield
        self.tint = before

    def _paint(self, color: Rgb, alpha: float) -> skia.Paint:
        r, g, b = lit(color, self.tint)
        return skia.Paint(AntiAlias=True, Color=skia.Color(r, g, b, round(255 * alpha)))

    def _shaded(self, a: Rgb, b: Rgb, start: Point, end: Point, alpha: float) -> skia.Paint:
        value = round(255 * alpha)
        colors = [skia.Color(*lit(c, self.tint), value) for c in (a, b)]
        return skia.Paint(
            AntiAlias=True, Shader=skia.GradientShader.MakeLinear([start, end], colors)
        )

    def poly(self, points: Sequence[Point], color: Rgb, alpha: float = 1.0) -> None:
        """A polygon."""
        self._canvas.drawPath(_path(points, False), self._paint(color, alpha))

    def blob(self, points: Sequence[Point], color: Rgb, alpha: float = 1.0) -> None:
        """A closed smooth shape that bends towards its points."""
        self._canvas.drawPath(_path(points, True), self._paint(color, alpha))

    def shaded(
        self,
        points: Sequence[Point],
        a: Rgb,
        b: Rgb,
        start: Point,
        end: Point,
        *,
        smooth: bool = False,
    ) -> None:
        """A shape filled with a gradient from ``a`` at ``start`` to ``b`` at ``end``."""
        self._canvas.drawPath(_path(points, smooth), self._shaded(a, b, start, end, 1.0))

    def circle(self, x: float, y: float, r: float, color: Rgb, alpha: float = 1.0) -> None:
        """A disc."""
        self._canvas.drawCircle(x, y, r, self._paint(color, alpha))

    def oval(
        self, x: float, y: float, rx: float, ry: float, color: Rgb, alpha: float = 1.0
    ) -> None:
        """An ellipse around (x, y)."""
        rect = skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry)
        self._canvas.drawOval(rect, self._paint(color, alpha))

    def shaded_oval(self, x: float, y: float, rx: float, ry: float, a: Rgb, b: Rgb) -> None:
        """An ellipse lit from the upper left: ``a`` there, ``b`` at the lower right."""
        rect = skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry)
        ends = (x - rx * 0.6, y - ry * 0.7), (x + rx * 0.7, y + ry * 0.8)
        self._canvas.drawOval(rect, self._shaded(a, b, ends[0], ends[1], 1.0))

    def rect(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        color: Rgb,
        alpha: float = 1.0,
        r: float = 0.0,
    ) -> None:
        """A rectangle from its upper left corner, corners rounded by ``r``."""
        self._canvas.drawRoundRect(skia.Rect.MakeXYWH(x, y, w, h), r, r, self._paint(color, alpha))

    def line(
        self,
        points: Sequence[Point],
        width: float,
        color: Rgb,
        alpha: float = 1.0,
        *,
        smooth: bool = False,
    ) -> None:
        """An open stroke with round ends."""
        paint = self._paint(color, alpha)
        paint.setStyle(skia.Paint.kStroke_Style)
        paint.setStrokeWidth(width)
        paint.setStrokeCap(skia.Paint.kRound_Cap)
        paint.setStrokeJoin(skia.Paint.kRound_Join)
        path = _curve(points) if smooth else skia.Path.Polygon(list(points), False)
        self._canvas.drawPath(path, paint)

    def soft(
        self, x: float, y: float, rx: float, ry: float, color: Rgb, alpha: float = 1.0
    ) -> None:
        """An ellipse that fades to nothing at its rim: shadows, glows."""
        r, g, b = lit(color, self.tint)
        value = round(255 * alpha)
        colors = [skia.Color(r, g, b, value), skia.Color(r, g, b, value // 2)]
        shader = skia.GradientShader.MakeRadial(
            (0.0, 0.0), 1.0, [*colors, skia.Color(r, g, b, 0)], [0.0, 0.55, 1.0]
        )
        self._canvas.save()
        self._canvas.translate(x, y)
        self._canvas.scale(rx, ry)
        self._canvas.drawCircle(0, 0, 1, skia.Paint(AntiAlias=True, Shader=shader))
        self._canvas.restore()

    def beam(
        self, points: Sequence[Point], color: Rgb, start: Point, end: Point, alpha: float = 0.9
    ) -> None:
        """A shape of light that fades from ``alpha`` at ``start`` to nothing at ``end``."""
        r, g, b = lit(color, self.tint)
        colors = [skia.Color(r, g, b, round(255 * alpha)), skia.Color(r, g, b, 0)]
        shader = skia.GradientShader.MakeLinear([start, end], colors)
        self._canvas.drawPath(_path(points, False), skia.Paint(AntiAlias=True, Shader=shader))

    def wash(self, stops: Sequence[tuple[float, Rgb]]) -> None:
        """The whole sheet as a vertical gradient through (y, colour) stops."""
        shader = skia.GradientShader.MakeLinear(
            [(0.0, 0.0), (0.0, 1.0)],
            [skia.Color(*lit(c, self.tint)) for _, c in stops],
            [y for y, _ in stops],
        )
        self._canvas.drawPaint(skia.Paint(Shader=shader))


def _path(points: Sequence[Point], smooth: bool) -> skia.Path:
    if not smooth:
        return skia.Path.Polygon(list(points), True)
    # Quadratics through the midpoints of the sides, with the corners as control points.
    path = skia.Path()
    last, first = points[-1], points[0]
    path.moveTo((last[0] + first[0]) / 2, (last[1] + first[1]) / 2)
    for a, b in zip(points, [*points[1:], points[0]], strict=True):
        path.quadTo(a[0], a[1], (a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    path.close()
    return path


def _curve(points: Sequence[Point]) -> skia.Path:
    path = skia.Path()
    path.moveTo(*points[0])
    for a, b in pairwise(points[1:]):
        end = b if b is points[-1] else ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        path.quadTo(a[0], a[1], end[0], end[1])
    return path
