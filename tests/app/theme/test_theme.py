"""The theme files keep what docs promise: contrast, colour-blind distance, true greys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from app.theme.theme import THEMES, Look, ThemeName, load_tokens, look

SURFACES = ("window", "panel", "raised", "hover", "field")
OVER_SURROUND = {"accent_edge", "ring", "focus"}
# The lowest WCAG ratio over the surfaces, as stated for dark, light and high contrast.
STATED = {
    "edge": (3.2, 3.3, 14.2),
    "text": (10.0, 13.7, 14.2),
    "text2": (6.2, 7.3, 12.4),
    "text3": (4.7, 4.8, 9.7),
    "accent_edge": (6.1, 3.4, 14.2),
    "ring": (6.1, 3.1, 9.9),
    "insert": (6.5, 6.2, 9.5),
    "delete": (5.9, 5.3, 8.5),
    "swap": (6.6, 6.1, 9.5),
    "warn": (7.5, 5.8, 9.9),
    "ok": (7.1, 5.1, 10.7),
    "focus": (11.7, 11.2, 9.2),
}
PAIRS = {
    ("on_accent", "accent"): (9.5, 9.6, 14.7),
    ("insert", "insert_tint"): (7.2, 6.5, 9.4),
}
# Machado, Oliveira and Fernandes 2009, severity 1.0, in linear RGB.
BLINDNESS = {
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(color: str) -> np.ndarray:
    v = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    low, high = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    m = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175],
         [0.0193339, 0.119192, 0.9503041]]  # fmt: skip
    x = (np.array(m) @ rgb) / [0.95047, 1.0, 1.08883]
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def seen_distance(a: str, b: str, kind: str) -> float:
    """CIE76 distance of two colours as seen with a colour-vision deficiency."""
    seen = [lab(np.clip(np.array(BLINDNESS[kind]) @ linear(c), 0, 1)) for c in (a, b)]
    return float(np.linalg.norm(seen[0] - seen[1]))


def theme_colors(name: ThemeName) -> dict[str, str]:
    """The colours of a theme as painted, `#rrggbb` by token name."""
    tokens = load_tokens(name)
    return {
        field.name: value.name()
        for field in fields(tokens)
        if isinstance(value := getattr(tokens, field.name), QColor)
    }


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("token", STATED)
def test_contrast_over_surfaces(theme: ThemeName, token: str) -> None:
    colors = theme_colors(theme)
    surfaces = [*SURFACES, *(["surround"] if token in OVER_SURROUND else [])]
    lowest = min(contrast(colors[token], colors[s]) for s in surfaces)
    assert lowest == pytest.approx(STATED[token][THEMES.index(theme)], abs=0.051)


@pytest.mark.parametrize("theme", THEMES)
def test_contrast_of_pairs(theme: ThemeName) -> None:
    colors = theme_colors(theme)
    for (ink, ground), stated in PAIRS.items():
        measured = contrast(colors[ink], colors[ground])
        assert measured == pytest.approx(stated[THEMES.index(theme)], abs=0.051)


@pytest.mark.parametrize("theme", THEMES)
def test_legible(theme: ThemeName) -> None:
    """Text at least 4.5, boundaries at least 3, on every surface they may stand on."""
    colors = theme_colors(theme)
    for surface in SURFACES:
        for token in ("text", "text2", "text3", "insert", "delete", "swap", "warn", "ok"):
            assert contrast(colors[token], colors[surface]) >= 4.5, (token, surface)
        for token in ("edge", "ring", "accent_edge", "focus"):
            assert contrast(colors[token], colors[surface]) >= 3.0, (token, surface)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", BLINDNESS)
def test_insert_and_delete_stay_apart(theme: ThemeName, kind: str) -> None:
    colors = theme_colors(theme)
    assert seen_distance(colors["insert"], colors["delete"], kind) >= 36


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", ["deuteranopia", "protanopia"])
def test_insert_and_swap_need_their_signs(theme: ThemeName, kind: str) -> None:
    """Documents why the signs are never left out: these two cannot be told by colour."""
    colors = theme_colors(theme)
    assert 3 <= seen_distance(colors["insert"], colors["swap"], kind) <= 15.5


@pytest.mark.parametrize("theme", THEMES)
def test_surfaces_are_true_greys(theme: ThemeName) -> None:
    colors = theme_colors(theme)
    for token in (*SURFACES, "surround", "line", "edge", "checker_a", "checker_b"):
        value = colors[token]
        assert value[1:3] == value[3:5] == value[5:7], token


@pytest.fixture
def current(qapp: QApplication) -> Iterator[Look]:
    it = look()
    yield it
    it.set_choice("system")
    it.set_text_scale(1.0)
    it.set_motion(None)


def test_override_changes_palette_and_tells(current: Look, qapp: QApplication) -> None:
    current.set_choice("dark")
    heard: list[str] = []
    current.changed.connect(lambda: heard.append(current.tokens.name))
    current.set_choice("light")
    assert heard == ["light"]
    assert qapp.palette().color(QPalette.ColorRole.Window) == load_tokens("light").window
    assert load_tokens("light").field.name() in qapp.styleSheet()


def test_follows_the_system(
    current: Look, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The offscreen platform has no colour scheme to change, so the desktop's answer is given here.
    hints = qapp.styleHints()
    current.set_choice("system")
    for wanted in ("light", "dark", "high-contrast"):
        monkeypatch.setattr(current, "_system", lambda wanted=wanted: wanted)
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
        assert current.tokens.name == wanted
    current.set_choice("dark")
    monkeypatch.setattr(current, "_system", lambda: "light")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert current.tokens.name == "dark"


def test_text_size_scales_fonts(current: Look) -> None:
    before = current.font(13).pixelSize()
    current.set_text_scale(2.0)
    assert (before, current.font(13).pixelSize()) == (13, 26)
    current.set_text_scale(9.0)
    assert current.text_scale == 2.0


def test_bundled_fonts_have_three_weights(current: Look) -> None:
    for weight in (QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold):
        info = QFontInfo(current.font(13, weight))
        assert (info.family(), info.weight()) == ("Inter", weight)


def test_motion_off_is_instant(current: Look) -> None:
    current.set_motion(False)
    assert current.duration(160) == 0
    current.set_motion(True)
    assert current.duration(160) == 160


def test_theme_file_with_unknown_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    import app.theme.theme as theme

    monkeypatch.setattr(theme, "_COLORS", theme._COLORS[:-1])
    with pytest.raises(ValueError, match="checker_b"):
        load_tokens("dark")
