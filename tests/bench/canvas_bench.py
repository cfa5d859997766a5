"""Canvas timings for `make bench` (goal 16): both arms in one run, ratios are the result.

Each function returns a dict of milliseconds (median and 95th percentile) and ratios. Offscreen
raster, no display needed. Run alone: `python -m tests.bench.canvas_bench`.
"""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QApplication, QWidget

from app.canvas.canvas import Canvas
from app.canvas.display_tiles import CACHE, WORKER
from app.canvas.provider import TILE
from app.canvas.pyramid import ImagePyramid
from app.canvas.stroke import Stroke
from app.canvas.tool_options import Brush

SIDE = 8192
FRAMES = 200


def _app() -> QApplication:
    app = QApplication.instance()
    return app if isinstance(app, QApplication) else QApplication([])


def big_picture(side: int = SIDE) -> np.ndarray:
    """Returns a noisy opaque RGBA picture that no cache line can guess."""
    rng = np.random.default_rng(0)
    tile = rng.integers(0, 255, (512, 512, 4), np.uint8)
    tile[:, :, 3] = 255
    return np.tile(tile, (side // 512, side // 512, 1))


def pyramid(pixels: np.ndarray) -> ImagePyramid:
    """Returns a pyramid over an array."""

    def read(col: int, row: int) -> np.ndarray:
        return pixels[row * TILE : (row + 1) * TILE, col * TILE : (col + 1) * TILE]

    return ImagePyramid(pixels.shape[1], pixels.shape[0], read)


def _time(call: Callable[[int], None], count: int) -> dict[str, float]:
    out = []
    for n in range(count):
        start = time.perf_counter()
        call(n)
        out.append((time.perf_counter() - start) * 1e3)
    out.sort()
    return {
        "median_ms": round(statistics.median(out), 3),
        "p95_ms": round(out[int(count * 0.95)], 3),
        "least_ms": round(out[0], 3),
    }


def _settle(canvas: Canvas, target: QImage) -> None:
    for _ in range(6):
        canvas.render(target)
        WORKER.wait_idle(120)
        _app().processEvents()
    canvas._rest()
    canvas.render(target)


def redraw(side: int = SIDE, frames: int = FRAMES) -> dict[str, Any]:
    """Pan and zoom frames at fit zoom on a 1080p canvas, against a smooth draw of the QImage."""
    app, pixels = _app(), big_picture(side)
    canvas = Canvas()
    canvas.resize(1920, 1080)
    provider = pyramid(pixels)
    target = QImage(1920, 1080, QImage.Format.Format_RGB32)
    canvas.set_picture(provider)
    canvas.fit()
    started = time.perf_counter()
    _settle(canvas, target)
    built = time.perf_counter() - started
    flags = QWidget.RenderFlag.DrawWindowBackground
    whole = QImage(pixels.data, side, side, side * 4, QImage.Format.Format_ARGB32)
    whole = whole.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    scale, zoom = canvas.zoom / 100, canvas.zoom

    def draw() -> None:
        canvas.render(target, QPointF().toPoint(), QRegion(), flags)

    def naive(n: int) -> None:
        painter = QPainter(target)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(440 + n % 7, 22 - n % 5, side * scale, side * scale)
        painter.drawImage(box, whole)
        painter.end()

    def pan(n: int) -> None:
        canvas.pan_by(7 if n % 20 < 10 else -7, 3 if n % 20 < 10 else -3)
        draw()

    def zoom_frame(n: int) -> None:
        canvas._moving = True
        canvas._anchor = QPointF(960 + n % 9, 540)
        canvas._zoom_now(zoom / 100 * (1 + 0.02 * (n % 10)))
        draw()

    arms: dict[str, list[dict[str, float]]] = {"pan": [], "zoom": [], "naive": []}
    for _ in range(3):  # A B A B, so that load on the machine falls on both
        arms["naive"].append(_time(naive, frames // 3))
        arms["pan"].append(_time(pan, frames // 3))
        arms["zoom"].append(_time(zoom_frame, frames // 3))
        canvas._rest()
        draw()
    best = {name: min(runs, key=lambda r: r["median_ms"]) for name, runs in arms.items()}
    provider.close()
    canvas.deleteLater()
    app.processEvents()
    base = best["naive"]["median_ms"]
    return {
        "side": side,
        "first_view_s": round(built, 3),
        **best,
        "pan_ratio": round(base / best["pan"]["median_ms"], 2),
        "zoom_ratio": round(base / best["zoom"]["median_ms"], 2),
        "least_ratios": {
            arm: round(best["naive"]["least_ms"] / best[arm]["least_ms"], 2)
            for arm in ("pan", "zoom")
        },
    }


def dirty_rectangle(side: int = SIDE, count: int = 60) -> dict[str, Any]:
    """A 64 px dab brought to the screen, against rebuilding and drawing everything."""
    app, pixels = _app(), big_picture(side)
    canvas = Canvas()
    canvas.resize(1920, 1080)
    provider = pyramid(pixels)
    target = QImage(1920, 1080, QImage.Format.Format_RGB32)
    canvas.set_picture(provider)
    _settle(canvas, target)

    def dab(n: int) -> None:
        x, y = (n * 613) % (side - 64), (n * 389) % (side - 64)
        pixels[y : y + 64, x : x + 64, :3] ^= 255
        rect = QRect(x, y, 64, 64)
        provider.invalidate(rect)
        box = canvas.to_widget(0).mapRect(QRectF(rect)).adjusted(-2, -2, 2, 2).toAlignedRect()
        canvas.render(target, box.topLeft(), QRegion(box))

    def full(_: int) -> None:
        pixels[:] ^= 1
        CACHE.drop_owner(provider._number)
        for frame in canvas.painter.frames.values():
            frame.invalidate()
        canvas.render(target)
        WORKER.wait_idle(120)
        app.processEvents()
        canvas.render(target)

    ours = _time(dab, count)
    whole = _time(full, 3)
    provider.close()
    canvas.deleteLater()
    app.processEvents()
    return {
        "side": side,
        "dab": ours,
        "full": whole,
        "ratio": round(whole["median_ms"] / ours["median_ms"], 1),
    }


def stroke(side: int = SIDE, count: int = 80) -> dict[str, Any]:
    """Brush dabs onto a selection of the whole picture, edge drawn after each."""
    app = _app()
    pixels = big_picture(side)
    canvas = Canvas()
    canvas.resize(1920, 1080)
    provider = pyramid(pixels)
    target = QImage(1920, 1080, QImage.Format.Format_RGB32)
    canvas.set_picture(provider)
    coverage = np.zeros((side, side), np.uint8)
    coverage[side // 4 : side // 2, side // 4 : side // 2] = 255
    canvas.overlay.set_selection(coverage)
    _settle(canvas, target)
    line = Stroke(coverage, Brush(size=200))

    def dab(n: int) -> None:
        dirty = line.to(side / 2 + n * 20.0, side / 2 + 300 * np.sin(n / 9), 0.8)
        canvas.overlay.set_selection(coverage, dirty)
        canvas.render(target)

    out = _time(dab, count)
    provider.close()
    canvas.deleteLater()
    app.processEvents()
    return {"side": side, "dab_and_frame": out}


def main() -> None:
    """Prints all figures as JSON."""
    _app().setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus, True)
    results = {"redraw": redraw(), "dirty_rectangle": dirty_rectangle(), "stroke": stroke()}
    print(json.dumps(results, indent=2))
    WORKER.stop()


if __name__ == "__main__":
    main()
