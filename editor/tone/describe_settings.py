from __future__ import annotations

from collections.abc import Callable

from editor.render.adjustments.parameters import HUES, Adjustments

WORDS: dict[str, tuple[str, str]] = {
    "exposure": ("brighter", "darker"),
    "contrast": ("more contrast", "less contrast"),
    "highlights": ("highlights brighter", "highlights held back"),
    "shadows": ("shadows lifted", "shadows darker"),
    "whites": ("white point raised", "white point lowered"),
    "blacks": ("blacks lifted", "blacks deeper"),
    "temperature": ("warmer", "cooler"),
    "tint": ("towards magenta", "towards green"),
    "saturation": ("stronger colour", "quieter colour"),
    "vibrance": ("dull colours livelier", "dull colours quieter"),
    "black_and_white": ("black and white", ""),
    "sepia": ("sepia", ""),
    "blur": ("blurred", ""),
    "sharpen": ("sharper", ""),
    "clarity": ("clearer local contrast", "softer local contrast"),
    "grain": ("film grain", ""),
    "vignette": ("corners darker", "corners brighter"),
}
"""Setting: words for more and for less."""

TITLES: dict[str, str] = {
    "exposure": "exposure",
    "contrast": "contrast",
    "highlights": "highlights",
    "shadows": "shadows",
    "whites": "whites",
    "blacks": "blacks",
    "temperature": "temperature",
    "tint": "tint",
    "saturation": "saturation",
    "vibrance": "vibrance",
    "black_and_white": "black and white",
    "sepia": "sepia",
    "blur": "blur",
    "sharpen": "sharpen",
    "clarity": "clarity",
    "grain": "grain",
    "vignette": "vignette",
    "straighten": "straighten",
}
"""Setting: its name for those who know sliders."""

USUAL: dict[str, float] = {
    "exposure": 0.5, "contrast": 0.35, "highlights": 0.5, "shadows": 0.35, "whites": 0.4,
    "blacks": 0.4, "temperature": 0.35, "tint": 0.35, "saturation": 0.35, "vibrance": 0.5,
    "black_and_white": 1.0, "sepia": 0.8, "blur": 0.4, "sharpen": 1.0, "clarity": 0.5,
    "grain": 0.4, "vignette": 0.5,
}  # fmt: skip
"""The strength that needs no further word."""

PATTERNS: dict[str, str] = {
    "little": "{what} a little",
    "plain": "{what}",
    "lot": "{what} a lot",
    "hue_stronger": "{hue}s stronger",
    "hue_quieter": "{hue}s quieter",
    "hue_gone": "{hue}s without colour",
    "hue_brighter": "{hue}s brighter",
    "hue_darker": "{hue}s darker",
    "shadow_tone": "{hue} in the shadows",
    "highlight_tone": "{hue} in the highlights",
    "clockwise": "turned {angle}° clockwise",
    "counter": "turned {angle}° counter-clockwise",
    "crop": "cropped to {ratio}",
    "square": "cropped to a square",
    "spot": "the selected spot filled from around it",
    "outside": "outside the selection: {what}",
    "nothing": "no change",
    "purples": "purples",
}
"""Whole patterns, so that a translation can put words in its own order."""

_TONE_NAMES = (
    (18.0, "red"), (42.0, "orange"), (68.0, "yellow"), (160.0, "green"), (205.0, "teal"),
    (250.0, "blue"), (295.0, "purple"), (340.0, "pink"), (361.0, "red"),
)  # fmt: skip

Translate = Callable[[str], str]


def describe_settings(wanted: Adjustments, translate: Translate = str) -> str:
    """Say settings as an artist would ("Warmer, shadows lifted a little").

    Args:
        wanted: the settings.
        translate: turns each pattern and word of the tables into another language.
    """
    parts = list(_scalars(wanted, translate))
    parts += _hues(wanted, translate)
    for name in ("shadow_tone", "highlight_tone"):
        hue, amount = getattr(wanted, name)
        if amount > 0:
            tone = translate(PATTERNS[name]).format(hue=translate(tone_name(hue)))
            parts.append(_graded(tone, amount / 0.4, translate))
    parts += _geometry(wanted, translate)
    if wanted.remove_spot:
        parts.append(translate(PATTERNS["spot"]))
    text = ", ".join(parts) or translate(PATTERNS["nothing"])
    if wanted.invert_selection:
        text = translate(PATTERNS["outside"]).format(what=text)
    return text[:1].upper() + text[1:]


def settings_line(wanted: Adjustments, translate: Translate = str) -> str:
    """Settings with their figures: "Temperature +0.30, shadows +0.20"."""
    parts = [
        f"{translate(title)} {getattr(wanted, name):+.2f}"
        for name, title in TITLES.items()
        if getattr(wanted, name) != 0
    ]
    for name, title in (
        ("hue_saturation", "saturation of {hue}s"),
        ("hue_lightness", "lightness of {hue}s"),
    ):
        for hue, value in zip(HUES, getattr(wanted, name), strict=True):
            if value:
                parts.append(f"{translate(title).format(hue=translate(hue))} {value:+.2f}")
    for name, title in (("shadow_tone", "shadow tone"), ("highlight_tone", "highlight tone")):
        hue_angle, amount = getattr(wanted, name)
        if amount:
            parts.append(f"{translate(title)} {hue_angle:.0f}° {amount:.2f}")
    if wanted.crop_ratio:
        parts.append(f"{translate('crop')} {ratio_name(wanted.crop_ratio)}")
    if wanted.remove_spot:
        parts.append(translate("fill spot"))
    if wanted.invert_selection:
        parts.append(translate("outside the selection"))
    text = ", ".join(parts) or translate(PATTERNS["nothing"])
    return text[:1].upper() + text[1:]


def ratio_name(ratio: tuple[float, float]) -> str:
    """Say (16, 9) as "16:9"."""
    return f"{ratio[0]:g}:{ratio[1]:g}"


def tone_name(hue: float) -> str:
    """The colour word for a hue in degrees."""
    return next(name for limit, name in _TONE_NAMES if hue % 360.0 < limit)


def _graded(what: str, share: float, translate: Translate) -> str:
    key = "little" if share <= 0.7 else "lot" if share >= 1.45 else "plain"
    return translate(PATTERNS[key]).format(what=what)


def _scalars(wanted: Adjustments, translate: Translate) -> list[str]:
    shares = []
    for name, (more, less) in WORDS.items():
        value = getattr(wanted, name)
        if value:
            words = translate(more if value > 0 else less)
            shares.append((abs(value) / USUAL[name], name, words))
    # What is strongest is said first.
    shares.sort(key=lambda entry: -entry[0])
    whole = ("black_and_white", "sepia")
    return [
        words if name in whole and share >= 0.7 else _graded(words, share, translate)
        for share, name, words in shares
    ]


def _hues(wanted: Adjustments, translate: Translate) -> list[str]:
    found = []
    for hue, value in zip(HUES, wanted.hue_saturation, strict=True):
        if value:
            key = "hue_stronger" if value > 0 else "hue_gone" if value <= -1 else "hue_quieter"
            words = translate(PATTERNS[key]).format(hue=translate(hue))
            found.append(words if value <= -1 else _graded(words, abs(value) / 0.5, translate))
    for hue, value in zip(HUES, wanted.hue_lightness, strict=True):
        if value:
            key = "hue_brighter" if value > 0 else "hue_darker"
            words = translate(PATTERNS[key]).format(hue=translate(hue))
            found.append(_graded(words, abs(value) / 0.45, translate))
    return found


def _geometry(wanted: Adjustments, translate: Translate) -> list[str]:
    found = []
    if wanted.straighten:
        key = "clockwise" if wanted.straighten > 0 else "counter"
        found.append(translate(PATTERNS[key]).format(angle=f"{abs(wanted.straighten):g}"))
    if wanted.crop_ratio:
        if wanted.crop_ratio[0] == wanted.crop_ratio[1]:
            found.append(translate(PATTERNS["square"]))
        else:
            found.append(translate(PATTERNS["crop"]).format(ratio=ratio_name(wanted.crop_ratio)))
    return found
