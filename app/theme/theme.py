"""The look of the window: colour tokens, type, spacing, palette and style sheet.

Everything painted in the window takes its colours from `Tokens` and its fonts from `Look`, so one
switch changes the whole window and no widget holds a colour of its own.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from importlib import resources
from string import Template
from typing import Final, Literal, cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

ThemeName = Literal["dark", "light", "high-contrast"]
ThemeChoice = Literal["system", "dark", "light", "high-contrast"]

THEMES: Final[tuple[ThemeName, ...]] = ("dark", "light", "high-contrast")
ROW_PADDING: Final = 14
RADIUS_KEY: Final = 4
RADIUS_CONTROL: Final = 7
RADIUS_CARD: Final = 9
RADIUS_PANEL: Final = 12
RADIUS_CHIP: Final = 15
FONT_FILES: Final = ("Inter-Regular.otf", "Inter-Medium.otf", "Inter-SemiBold.otf")
FAMILY: Final = "Inter"

REGULAR: Final = QFont.Weight.Normal
MEDIUM: Final = QFont.Weight.Medium
SEMIBOLD: Final = QFont.Weight.DemiBold


@dataclass(frozen=True)
class Tokens:
    """Every colour of one theme. Field names are the keys of the theme file."""

    name: ThemeName
    dark: bool
    surround: QColor
    window: QColor
    panel: QColor
    raised: QColor
    hover: QColor
    field: QColor
    line: QColor
    edge: QColor
    text: QColor
    text2: QColor
    text3: QColor
    accent: QColor
    on_accent: QColor
    accent_edge: QColor
    ring: QColor
    insert: QColor
    insert_tint: QColor
    delete: QColor
    swap: QColor
    warn: QColor
    ok: QColor
    focus: QColor
    checker_a: QColor
    checker_b: QColor

    @property
    def high_contrast(self) -> bool:
        """True where boundaries must be drawn because surfaces do not differ."""
        return self.name == "high-contrast"


_COLORS: Final = tuple(f.name for f in fields(Tokens) if f.name not in {"name", "dark"})


def load_tokens(name: ThemeName) -> Tokens:
    """Reads one theme file.

    Raises:
        KeyError: a token is missing.
        ValueError: the file has a token nobody paints, or a value that is not a colour.
    """
    text = resources.files("resources").joinpath("themes", f"{name}.toml").read_text("utf-8")
    data = tomllib.loads(text)
    colors = cast("dict[str, str]", data["color"])
    unknown = set(colors) - set(_COLORS)
    if unknown:
        raise ValueError(f"{name}: unknown tokens {sorted(unknown)}")
    values = {key: QColor(colors[key]) for key in _COLORS}
    for key, value in values.items():
        if not value.isValid():
            raise ValueError(f"{name}: {key} is not a colour")
    return Tokens(name=name, dark=data["scheme"] == "dark", **values)


MOTION: Final = {"system": None, "on": True, "off": False}
"""What `Look.set_motion` takes, by the value of the setting."""


SURROUNDS: Final = {
    "black": "#000000", "dark-grey": "#2E2E2E", "light-grey": "#CFCFCF", "white": "#FFFFFF",
}  # fmt: skip
"""Colours around the picture, by the value of the setting; "theme" is not among them."""


def build_palette(t: Tokens) -> QPalette:
    """Maps the tokens to Qt's roles, so that stock widgets agree with painted ones."""
    role = QPalette.ColorRole
    palette = QPalette()
    every: dict[QPalette.ColorRole, QColor] = {
        role.Window: t.window,
        role.WindowText: t.text,
        role.Base: t.field,
        role.AlternateBase: t.panel,
        role.ToolTipBase: t.raised,
        role.ToolTipText: t.text,
        role.PlaceholderText: t.text3,
        role.Text: t.text,
        role.Button: t.raised,
        role.ButtonText: t.text,
        role.BrightText: t.focus,
        role.Highlight: t.accent,
        role.HighlightedText: t.on_accent,
        role.Link: t.insert,
        role.LinkVisited: t.swap,
        role.Light: t.hover,
        role.Midlight: t.hover,
        role.Mid: t.line,
        role.Dark: t.line,
        role.Shadow: QColor("#000000"),
        role.Accent: t.accent,
    }
    for which, color in every.items():
        palette.setColor(which, color)
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, t.text3)
    return palette


class Look(QObject):
    """The one current look. Widgets read it when they paint and repaint on `changed`.

    Signals:
        changed: theme, text size or motion changed; sizes may differ too.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice: ThemeChoice = "system"
        self._text_scale = 1.0
        self._motion: bool | None = None
        self._surround = "theme"
        self._fonts: dict[tuple[int, int, bool], QFont] = {}
        self._load_fonts()
        self.tokens = self._load()
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._follow_system)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow_system)
        app.setStyle("Fusion")
        self._apply()

    # -- choices ---------------------------------------------------------------------------

    @property
    def choice(self) -> ThemeChoice:
        """What the artist chose; `system` follows the desktop."""
        return self._choice

    def set_choice(self, choice: ThemeChoice) -> None:
        """Overrides the system's colour scheme, or follows it again."""
        self._choice = choice
        hints = self._app.styleHints()
        # Title bars and the system's file chooser take the scheme from here.
        if choice == "system":
            hints.unsetColorScheme()
        else:
            dark = load_tokens(choice).dark
            hints.setColorScheme(Qt.ColorScheme.Dark if dark else Qt.ColorScheme.Light)
        self._refresh()

    @property
    def text_scale(self) -> float:
        """Own text size, 0.9 to 2.0, on top of the display's scaling."""
        return self._text_scale

    def set_text_scale(self, scale: float) -> None:
        """Sets the text size, clamped to 0.9 … 2.0."""
        self._text_scale = min(max(scale, 0.9), 2.0)
        self._apply()

    @property
    def motion(self) -> bool:
        """False when the artist or the system asks for no motion."""
        if self._motion is not None:
            return self._motion
        # The system's wish is known from Qt 6.12 on.
        hints = self._app.styleHints().accessibility()
        ask = getattr(hints, "motionPreference", None)
        return ask is None or "Reduced" not in ask().name

    def set_motion(self, motion: bool | None) -> None:
        """Turns motion on or off; `None` follows the system."""
        self._motion = motion
        self.changed.emit()

    def duration(self, ms: int) -> int:
        """Returns `ms`, or 0 when motion is off."""
        return ms if self.motion else 0

    def set_surround(self, surround: str) -> None:
        """Sets what lies around the picture: a key of `SURROUNDS`, or "theme"."""
        if surround != self._surround:
            self._surround = surround
            self.tokens = self._load()
            self._apply()

    # -- type and sizes --------------------------------------------------------------------

    def px(self, size: float) -> int:
        """Scales a text-bound length in logical pixels by the text size."""
        return max(1, round(size * self._text_scale))

    def font(self, size: int, weight: QFont.Weight = REGULAR, *, strike: bool = False) -> QFont:
        """Returns Inter at `size` logical pixels (11 12 13 15 16 24), figures tabular."""
        key = (size, weight.value, strike)
        cached = self._fonts.get(key)
        if cached is not None:
            return cached
        font = QFont(FAMILY)
        font.setPixelSize(self.px(size))
        font.setWeight(weight)
        font.setStrikeOut(strike)
        # Unhinted outlines keep their spacing at fractional display scales.
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setFeature(QFont.Tag("tnum"), 1)
        self._fonts[key] = font
        return font

    # -- inner -----------------------------------------------------------------------------

    def _load_fonts(self) -> None:
        if FAMILY in QFontDatabase.families():
            return
        for name in FONT_FILES:
            data = resources.files("resources").joinpath("fonts", name).read_bytes()
            if QFontDatabase.addApplicationFontFromData(data) < 0:
                raise RuntimeError(f"cannot load {name}")

    def _wanted(self) -> ThemeName:
        return self._system() if self._choice == "system" else self._choice

    def _system(self) -> ThemeName:
        hints = self._app.styleHints()
        contrast = hints.accessibility().contrastPreference()
        if contrast == Qt.ContrastPreference.HighContrast:
            return "high-contrast"
        return "light" if hints.colorScheme() == Qt.ColorScheme.Light else "dark"

    def _follow_system(self) -> None:
        if self._choice == "system":
            self._refresh()

    def _refresh(self) -> None:
        wanted = self._wanted()
        if wanted != self.tokens.name:
            self.tokens = self._load()
            self._apply()

    def _load(self) -> Tokens:
        tokens = load_tokens(self._wanted())
        color = SURROUNDS.get(self._surround)
        return tokens if color is None else replace(tokens, surround=QColor(color))

    def _apply(self) -> None:
        self._fonts.clear()
        self._app.setFont(self.font(13))
        self._app.setPalette(build_palette(self.tokens))
        self._app.setStyleSheet(self.style_sheet())
        self.changed.emit()

    def style_sheet(self) -> str:
        """Fills the one QSS template with this theme's tokens and text size."""
        source = resources.files("resources").joinpath("themes", "window.qss")
        values = {key: cast(QColor, getattr(self.tokens, key)).name() for key in _COLORS}
        for size in (11, 12, 13, 15, 16, 24):
            values[f"px{size}"] = f"{self.px(size)}px"
        return Template(source.read_text("utf-8")).substitute(values)


_current: list[Look] = []


def look() -> Look:
    """Returns the running application's look, made on first use.

    Raises:
        RuntimeError: there is no `QApplication` yet.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise RuntimeError("look() needs a QApplication")
    if not _current or _current[0].parent() is not app:
        _current[:] = [Look(app)]
    return _current[0]
