"""Stand-ins the gallery shows: pictures, chips, results, a small history."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.canvas.display_pixels import image_array
from app.canvas.pyramid import ImagePyramid
from app.widgets.basics.segments import Segment
from app.widgets.cards.card_model import CardData, CardHeader
from app.widgets.cards.score_bars import ScoreData
from app.widgets.history_graph.lanes import HistoryRow
from app.widgets.prompt.chips import ChipData
from app.widgets.prompt.diff import DiffSpan, plain_text
from tests.app.canvas.canvas_cases import pyramid_of

VIEWS = (
    Segment("picture", "Picture", "image", "0"),
    Segment("wipe", "Wipe", "square-split-horizontal", "Y"),
    Segment("side", "Side by side", "columns-2", "C"),
    Segment("all", "All", "layout-grid", "G"),
    Segment("changes", "Changes", "scan-search", "D"),
    Segment("map", "Map", "git-fork", "F7"),
)


def row(*widgets: QWidget, gap: int = 10) -> QWidget:
    """Puts samples beside each other."""
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(6, 6, 6, 6)
    line.setSpacing(gap)
    for widget in widgets:
        line.addWidget(widget)
    line.addStretch(1)
    return holder


def picture(width: int, height: int, hue: float = 0.0) -> QImage:
    """Returns a painterly stand-in: a sun over hills, in one of several lights."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = x / width, y / height
    turn = np.array([hue, hue + 0.33, hue + 0.67], np.float32) * 2 * np.pi
    sky = 0.55 + 0.35 * np.cos(turn + (v[..., None] * 1.8))
    sun = np.exp(-(((u - 0.62) ** 2 + ((v - 0.4) * height / width) ** 2) / 0.012))[..., None]
    out = sky * (1 - sun) + sun * np.array([1.0, 0.86, 0.5], np.float32)
    for depth in range(4):
        ridge = 0.58 + 0.1 * depth + 0.06 * np.sin(u * (5 + 3 * depth) + depth * 2 + hue * 9)
        hill = (v > ridge)[..., None]
        shade = np.array([0.20, 0.28, 0.34], np.float32) * (1.5 - 0.3 * depth)
        out = np.where(hill, shade * (0.75 + 0.5 * np.cos(turn / 2)), out)
    data = np.ascontiguousarray((np.clip(out, 0, 1) * 255).astype(np.uint8))
    return QImage(data.data, width, height, width * 3, QImage.Format.Format_RGB888).copy()


PINK = (DiffSpan("replace", "pink", "golden"), DiffSpan("plain", "dahlia"))
CHIPS = (
    ChipData("1", "Film grain", pinned=True),
    ChipData("2", "Add a bee", (DiffSpan("insert", "a bee"),), "Something alive near the focus"),
    ChipData("3", "Make the garden sunlit", (DiffSpan("replace", "dark", "sunlit"),)),
    ChipData("4", "Remove the glow"),
    ChipData("5", "Golden hour"),
)


def cards_data(width: int = 160, height: int = 90) -> list[CardData | CardHeader]:
    """Returns four results, one of them below the bar."""

    def scores(words: float, keep: float, beauty: float) -> tuple[ScoreData, ...]:
        return (
            ScoreData("Words", words, 0.35),
            ScoreData("Picture", keep, 0.6),
            ScoreData("Beauty", beauty),
        )

    def pic(hue: float) -> QImage:
        return picture(width * 2, height * 2, hue)

    return [
        CardData("a", 1, pic(0.1), "Follows the words best, keeps the light",
                 scores(0.86, 0.9, 0.78), starred=True),
        CardData("b", 2, pic(0.2), "Close, a little more apricot than gold",
                 scores(0.66, 0.92, 0.73), lock="exact"),
        CardData("c", 3, pic(0.45), "Strong gold; the background turned too",
                 scores(0.9, 0.65, 0.7), lock="changed",
                 lock_text="outside changed by 3 of 255", lock_short="3 of 255"),
        CardHeader("Below your bar: change too weak"),
        CardData("d", 4, pic(0.7), "Keeps the picture, change is weak",
                 scores(0.22, 0.97, 0.72), below=True),
    ]  # fmt: skip


_HUES: dict[str, float] = {}
"""Of the pictures of ideas, by id."""


def history_thumbnail(row_id: str, side: float) -> QImage:
    """The picture of a row that `idea` made."""
    del side
    return picture(124, 70, _HUES[row_id])


def idea(
    row_id: str, parent: str, hue: float, spans: tuple[DiffSpan, ...], marks: str = ""
) -> HistoryRow:
    """Returns a row; `marks`: t = on the trail, h = here, s = starred, f = folded."""
    _HUES[row_id] = hue
    return HistoryRow(
        row_id,
        parent,
        spans,
        f"14:{int(hue * 50):02d}",
        aspect=124 / 70,
        on_trail="t" in marks,
        here="h" in marks,
        starred="s" in marks,
        folded=3 if "f" in marks else 0,
    )


def history_rows() -> list[HistoryRow]:
    """Returns a small tree with a branch."""
    dahlia = DiffSpan("plain", "dahlia")
    return [
        idea("1", "", 0.04, plain_text("dahlia.jpg"), "t"),
        idea("2", "1", 0.12, (DiffSpan("replace", "pink", "apricot"), dahlia)),
        idea("3", "2", 0.18, (DiffSpan("replace", "pink", "ivory"), dahlia), "s"),
        idea("4", "1", 0.28, (DiffSpan("insert", "dew"), DiffSpan("plain", "on it")), "th"),
    ]


def image_pyramid(image: QImage) -> ImagePyramid:
    """Returns the pyramid of a small picture."""
    return pyramid_of(image_array(image)[:, :, 2::-1].copy())
