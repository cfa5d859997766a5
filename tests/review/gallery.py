"""Renders every widget in every state to PNG: `python -m tests.review.gallery OUT_DIR`.

For looking at: three themes, 100 and 200 %. Nothing here is part of the program.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget

from app.theme.theme import THEMES, look
from tests.review.gallery_scenes import SCENES


def render(widget: QWidget, ratio: float) -> QImage:
    """Renders a widget and its children at `ratio` device pixels per logical pixel."""
    image = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(look().tokens.window)
    painter = QPainter(image)
    widget.render(painter, QPoint(0, 0))
    painter.end()
    return image


def main(arguments: list[str] | None = None) -> int:
    """Renders all scenes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--scene", action="append", default=[])
    parser.add_argument("--theme", action="append", default=[])
    parser.add_argument("--scale", action="append", type=float, default=[])
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QApplication.instance() or QApplication(sys.argv[:1])
    options.out.mkdir(parents=True, exist_ok=True)
    for theme in options.theme or THEMES:
        look().set_choice(theme)
        for name, build in SCENES.items():
            if options.scene and name not in options.scene:
                continue
            scene = build()
            scene.show()
            app.processEvents()
            for scale in options.scale or (1.0, 2.0):
                path = options.out / f"{name}-{theme}-{round(scale * 100)}.png"
                render(scene, scale).save(str(path))
            scene.close()
            scene.deleteLater()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
