"""Typed diffs: the one drawing of what an edit changes, used for chips, history and "Read as".

Sign, line and weight carry the meaning without colour: two of the colours look alike
with deuteranopia, so a sign is never left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.theme.icons import paint_icon
from app.theme.theme import MEDIUM, REGULAR, SEMIBOLD, look
from app.widgets.basics.painting import baseline, rounded, translate

SpanKind = Literal["plain", "insert", "delete", "replace", "swap"]


@dataclass(frozen=True)
class DiffSpan:
    """A piece of a typed diff.

    Attributes:
        kind: what happens to the words; `plain` for unchanged or free words.
        text: the words; for replace and swap the old or first ones.
        other: the new or second words of replace and swap.
    """

    kind: SpanKind
    text: str
    other: str = ""


def plain_text(text: str) -> tuple[DiffSpan, ...]:
    """Returns free words as a diff."""
    return (DiffSpan("plain", text),)


def diff_text(spans: Sequence[DiffSpan]) -> str:
    """Returns the diff as plain text, with its signs: `pink → golden dahlia`."""
    forms = {
        "plain": "{0}",
        "insert": "+ {0}",
        "delete": "− {0}",
        "replace": "{0} → {1}",
        "swap": "{0} ⇄ {1}",
    }
    return " ".join(forms[s.kind].format(s.text, s.other) for s in spans)


def diff_spoken(spans: Sequence[DiffSpan]) -> str:
    """Returns the diff in words for a screen reader: `replace pink with golden, dahlia`."""
    forms = {
        "plain": "{0}",
        "insert": translate("Diff", "insert {0}"),
        "delete": translate("Diff", "delete {0}"),
        "replace": translate("Diff", "replace {0} with {1}"),
        "swap": translate("Diff", "swap {0} and {1}"),
    }
    return ", ".join(forms[s.kind].format(s.text, s.other) for s in spans)


@dataclass(frozen=True)
class _Atom:
    """One thing to paint: words in a style, or a sign."""

    style: Literal["plain", "new", "old", "swap", "sign"]
    text: str
    color: QColor
    gap: float  # before it
    goes_on: bool = False  # with the words of the atom before it, which was broken at a word


def _atoms(spans: Sequence[DiffSpan], ink: QColor, size: int) -> list[_Atom]:
    t, out = look().tokens, list[_Atom]()
    space = QFontMetricsF(look().font(size)).horizontalAdvance(" ") + 1
    near = look().px(5)
    for span in spans:
        gap = space if out else 0.0
        if span.kind == "plain":
            out.append(_Atom("plain", span.text, ink, gap))
        elif span.kind == "insert":
            out += [_Atom("sign", "plus", t.insert, gap), _Atom("new", span.text, t.insert, near)]
        elif span.kind == "delete":
            out += [_Atom("sign", "minus", t.delete, gap), _Atom("old", span.text, t.delete, near)]
        elif span.kind == "replace":
            out += [
                _Atom("old", span.text, t.delete, gap),
                _Atom("sign", "arrow-right", t.text3, near),
                _Atom("new", span.other, t.insert, near),
            ]
        else:
            out += [
                _Atom("swap", span.text, t.swap, gap),
                _Atom("sign", "arrow-left-right", t.swap, near),
                _Atom("swap", span.other, t.swap, near),
            ]
    return out


_TINT_PADDING = 3.0


def _font(atom: _Atom, size: int, weight: QFont.Weight) -> QFont:
    if atom.style in {"new", "swap"}:
        return look().font(size, SEMIBOLD)
    return look().font(size, MEDIUM if atom.style == "old" else weight)


def _width(atom: _Atom, size: int, weight: QFont.Weight) -> float:
    if atom.style == "sign":
        return float(look().px(size))
    width = QFontMetricsF(_font(atom, size, weight)).horizontalAdvance(atom.text)
    return width + 2 * _TINT_PADDING if atom.style == "new" else width


def diff_width(spans: Sequence[DiffSpan], size: int = 13, weight: QFont.Weight = REGULAR) -> float:
    """Returns the width of the whole diff in logical pixels."""
    return _line_width(_atoms(spans, look().tokens.text, size), size, weight)


def paint_diff(
    painter: QPainter,
    rect: QRectF,
    spans: Sequence[DiffSpan],
    *,
    size: int = 13,
    weight: QFont.Weight = REGULAR,
    ink: QColor | None = None,
) -> float:
    """Paints a diff on one line, centred in the height of `rect` and elided to its width.

    Args:
        painter: where.
        rect: the room there is.
        spans: the diff.
        size: type size before text scaling.
        weight: of unchanged words.
        ink: colour of unchanged words, `text` by default.

    Returns:
        The width used.
    """
    return _paint_line(painter, rect, _atoms(spans, ink or look().tokens.text, size), size, weight)


def paint_wrapped_diff(
    painter: QPainter,
    rect: QRectF,
    spans: Sequence[DiffSpan],
    *,
    lines: int,
    size: int = 13,
    weight: QFont.Weight = REGULAR,
    ink: QColor | None = None,
) -> int:
    """Paints a diff on as few lines as it needs, broken at words and centred in `rect`.

    Args:
        painter: where.
        rect: the room there is; each line has the same share of `lines` of its height.
        spans: the diff.
        lines: the most there may be; what is too long for them is elided.
        size: type size before text scaling.
        weight: of unchanged words.
        ink: colour of unchanged words, `text` by default.

    Returns:
        How many lines there are.
    """
    atoms = _atoms(spans, ink or look().tokens.text, size)
    broken = _broken(atoms, rect.width(), lines, size, weight)
    step = rect.height() / lines
    top = rect.center().y() - step * len(broken) / 2
    # From below: a tint reaches under the line above, whose words and underlines stay in front.
    for number, line in reversed(list(enumerate(broken))):
        place = QRectF(rect.left(), top + number * step, rect.width(), step)
        _paint_line(painter, place, line, size, weight)
    return len(broken)


def diff_lines(
    spans: Sequence[DiffSpan], width: float, size: int = 13, weight: QFont.Weight = REGULAR
) -> int:
    """Returns how many lines a diff needs that is broken at words to fit a width; 0 for none."""
    if not spans:
        return 0
    atoms = _atoms(spans, look().tokens.text, size)
    words = sum(len(atom.text.split()) for atom in atoms)
    return len(_broken(atoms, width, max(words, 1), size, weight))


def _broken(
    atoms: Sequence[_Atom], width: float, lines: int, size: int, weight: QFont.Weight
) -> list[list[_Atom]]:
    """The atoms on at most so many lines, broken at words; a sign stays with what follows it."""
    found: list[list[_Atom]] = [[]]
    for unit in _units(atoms, size):
        longer = _joined([*found[-1], *unit])
        if found[-1] and len(found) < lines and _line_width(longer, size, weight) > width:
            found.append(_joined(unit))
        else:
            found[-1] = longer
    return found


def _units(atoms: Sequence[_Atom], size: int) -> list[list[_Atom]]:
    """What no line break may part: single words, each with the sign before it."""
    space = QFontMetricsF(look().font(size)).horizontalAdvance(" ") + 1
    units: list[list[_Atom]] = []
    signs: list[_Atom] = []
    for atom in atoms:
        if atom.style == "sign":
            signs.append(atom)
            continue
        for number, word in enumerate(atom.text.split()):
            gap = space if number else atom.gap
            piece = replace(atom, text=word, gap=gap, goes_on=number > 0)
            units.append([*signs, piece])
            signs = []
    return units


def _joined(atoms: Sequence[_Atom]) -> list[_Atom]:
    """Words of one atom that stand on one line, together again; a line begins without a gap."""
    out: list[_Atom] = []
    for atom in atoms:
        if out and atom.goes_on:
            out[-1] = replace(out[-1], text=f"{out[-1].text} {atom.text}")
        else:
            out.append(atom if out else replace(atom, gap=0.0))
    return out


def _line_width(atoms: Sequence[_Atom], size: int, weight: QFont.Weight) -> float:
    return sum(atom.gap + _width(atom, size, weight) for atom in atoms)


def _paint_line(
    painter: QPainter, rect: QRectF, atoms: Sequence[_Atom], size: int, weight: QFont.Weight
) -> float:
    """Paints atoms on one line; returns the width used."""
    x = rect.left()
    for atom in atoms:
        x += atom.gap
        width = _width(atom, size, weight)
        room = rect.right() - x
        # The last atom may end exactly at the edge; any other must leave room for an ellipsis.
        fits = width <= room + 0.5
        if not fits and (atom.style == "sign" or room < look().px(26)):
            if room > 0:
                dots = _Atom("plain", "…", look().tokens.text3, 0)
                _paint_atom(painter, rect, x, room, dots, size, weight)
            return min(x + room, rect.right()) - rect.left()
        x += _paint_atom(painter, rect, x, min(width, room), atom, size, weight)
        if not fits:
            break
    return x - rect.left()


def _paint_atom(
    painter: QPainter,
    rect: QRectF,
    x: float,
    width: float,
    atom: _Atom,
    size: int,
    weight: QFont.Weight,
) -> float:
    if atom.style == "sign":
        side = look().px(size)
        paint_icon(painter, QRectF(x, rect.top(), side, rect.height()), atom.text, atom.color, side)
        return float(side)
    font = _font(atom, size, weight)
    metrics = QFontMetricsF(font)
    pad = _TINT_PADDING if atom.style == "new" else 0.0
    text = metrics.elidedText(atom.text, Qt.TextElideMode.ElideRight, width - 2 * pad + 0.5)
    base, drawn = baseline(rect, metrics), metrics.horizontalAdvance(text)
    if atom.style == "new":
        top = base - metrics.capHeight() - look().px(4)
        tint = QRectF(x, top, drawn + 2 * pad, base + look().px(5) - top)
        rounded(painter, tint, 3, look().tokens.insert_tint)
    painter.setFont(font)
    painter.setPen(atom.color)
    painter.drawText(QRectF(x + pad, base, 0, 0).topLeft(), text)
    pen = QPen(atom.color, max(1.4, look().px(1.4)))
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if atom.style == "new":
        y = base + look().px(2.5)
        painter.drawLine(QLineF(x + pad, y, x + pad + drawn, y))
    elif atom.style == "old":
        y = base - metrics.xHeight() / 2
        painter.drawLine(QLineF(x - 1, y, x + drawn + 1, y))
    return drawn + 2 * pad
