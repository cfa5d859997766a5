from __future__ import annotations

from dataclasses import dataclass

from editor.tone.recipes import EffectRecipe

WantedChanges = tuple[tuple[str, int], ...]
"""(quantity of `editor/ranking/measures.py`, direction): +1 up, −1 down, 0 set to a figure."""


@dataclass(frozen=True)
class Effect:
    """One thing that words can ask for, with its usual strength.

    Attributes:
        more: recipes for "more"; the first is the plain reading, the others are further ones.
        less: recipes for "less"; empty where less of it means nothing.
        moves: quantities that "more" moves; "less" moves them the other way.
        moves_less: only where "less" is not the plain opposite.
        control: the setting that a number or percentage sets, if there is one.
    """

    more: tuple[EffectRecipe, ...]
    less: tuple[EffectRecipe, ...] = ()
    moves: WantedChanges = ()
    moves_less: WantedChanges | None = None
    control: str = ""

    def recipes(self, sign: int) -> tuple[EffectRecipe, ...]:
        """The recipes for a direction."""
        return self.more if sign > 0 else self.less

    def quantities(self, sign: int) -> WantedChanges:
        """What must move for a direction."""
        if sign > 0:
            return self.moves
        if self.moves_less is not None:
            return self.moves_less
        return tuple((name, -way) for name, way in self.moves)


def quantity_signs(text: str) -> WantedChanges:
    """`"warmth+ chroma-"` as (quantity, direction) pairs."""
    ways = {"+": 1, "-": -1, "=": 0}
    return tuple((word[:-1], ways[word[-1]]) for word in text.split())


def effect(
    quantities: str,
    more: str,
    less: str = "",
    *,
    control: str = "",
    quantities_less: str | None = None,
) -> Effect:
    """An effect from short forms; recipes are separated by `|`; `"~"` mirrors `more`."""
    plus = tuple(EffectRecipe.of(part) for part in more.split("|"))
    if less == "~":
        minus = tuple(recipe.scaled(-1.0) for recipe in plus)
    else:
        minus = tuple(EffectRecipe.of(part) for part in less.split("|")) if less else ()
    other = quantity_signs(quantities_less) if quantities_less is not None else None
    return Effect(plus, minus, quantity_signs(quantities), other, control)


EFFECTS: dict[str, Effect] = {
    "lightness": effect(
        "lightness+",
        "exposure 0.5|exposure 0.3 shadows 0.3|exposure 0.35 whites 0.2",
        "exposure -0.5|exposure -0.35 highlights -0.25|exposure -0.35 blacks -0.2",
        control="exposure",
    ),
    "contrast": effect(
        "contrast+",
        "contrast 0.35|contrast 0.2 whites 0.15 blacks -0.15|contrast 0.25 clarity 0.3",
        "contrast -0.35|contrast -0.2 whites -0.15 blacks 0.15|contrast -0.25 clarity -0.2",
        control="contrast",
    ),
    "highlights": effect(
        "highlights+",
        "highlights 0.5|whites 0.4 highlights 0.1|highlights 0.6 shadows -0.15",
        "~",
        control="highlights",
    ),
    "shadows": effect(
        "shadows+",
        "shadows 0.12 blacks 0.4 highlights -0.04|"
        "shadows 0.3 blacks 0.3 highlights -0.12|"
        "shadows 0.5 highlights -0.25",
        "shadows -0.12 blacks -0.45|shadows -0.25 blacks -0.35|shadows -0.5 highlights 0.25",
        control="shadows",
    ),
    "whites": effect(
        "highlights+", "whites 0.4|whites 0.25 highlights 0.25", "~", control="whites"
    ),
    "blacks": effect("shadows+", "blacks 0.4|blacks 0.25 shadows 0.25", "~", control="blacks"),
    "midtones": effect(
        "lightness+",
        "exposure 0.35 highlights -0.1|exposure 0.2 shadows 0.25|contrast -0.1 exposure 0.3",
        "exposure -0.35 shadows 0.1|exposure -0.2 highlights -0.25|exposure -0.3 contrast 0.05",
    ),
    "warmth": effect(
        "warmth+",
        "temperature 0.35|temperature 0.25 highlight_tone 45/0.2|temperature 0.25 tint 0.06",
        "temperature -0.35|temperature -0.25 shadow_tone 225/0.2|temperature -0.25 tint -0.04",
        control="temperature",
    ),
    "tint": effect("tint+", "tint 0.35|tint 0.2 highlight_tone 330/0.15", "~", control="tint"),
    "chroma": effect(
        "chroma+",
        "saturation 0.35|vibrance 0.5|saturation 0.2 vibrance 0.25",
        "~",
        control="saturation",
    ),
    "vibrance": effect(
        "chroma+ chroma_low+",
        "vibrance 0.5|vibrance 0.35 saturation 0.1",
        "~",
        control="vibrance",
        quantities_less="chroma-",
    ),
    "colourless": effect(
        "hue_spread-",
        "black_and_white 1|black_and_white 1 contrast 0.25|black_and_white 1 contrast -0.15"
        " blacks 0.15|black_and_white 1 clarity 0.3 contrast 0.1",
        control="black_and_white",
    ),
    "sepia": effect(
        "warmth+",
        "sepia 0.8|"
        "sepia 0.7 contrast -0.1 blacks 0.15|"
        "sepia 0.7 vignette 0.3|"
        "sepia 1 contrast 0.15",
        control="sepia",
    ),
    "local_contrast": effect(
        "local_contrast+",
        "clarity 0.5|clarity 0.4 sharpen 0.3|clarity 0.35 contrast 0.1",
        "clarity -0.5|clarity -0.4 contrast -0.1",
        control="clarity",
    ),
    "detail": effect(
        "fine_detail+ local_contrast+",
        "clarity 0.35 sharpen 0.6|clarity 0.25 sharpen 0.9|clarity 0.4 sharpen 0.4 shadows 0.15",
        "clarity -0.35 blur 0.08|clarity -0.5|blur 0.12",
    ),
    "sharpness": effect(
        "sharpness+ fine_detail+",
        "sharpen 1|sharpen 0.7 clarity 0.25|sharpen 1.4",
        "blur 0.15|clarity -0.3 blur 0.1|blur 0.25",
        control="sharpen",
    ),
    "softness": effect(
        "sharpness-",
        "blur 0.14 clarity -0.2|clarity -0.35 blur 0.1 contrast -0.08|blur 0.22",
        "sharpen 0.8|sharpen 0.6 clarity 0.25|sharpen 1.2",
    ),
    "blur": effect(
        "sharpness- fine_detail-",
        "blur 0.4|blur 0.25 clarity -0.3|blur 0.8",
        "sharpen 1|sharpen 0.7 clarity 0.3|sharpen 1.4",
        control="blur",
    ),
    "noise": effect(
        "noise+",
        "grain 0.4|grain 0.35 contrast -0.08|grain 0.35 saturation -0.1",
        "noise_reduction 0.5|noise_reduction 0.3|noise_reduction 0.8",
        control="grain",
    ),
    "vignette": effect(
        "edge_darkening-",
        "vignette 0.5|vignette 0.4 exposure 0.1|vignette 0.4 contrast 0.1",
        "vignette -0.4|vignette -0.3 exposure -0.08",
        control="vignette",
    ),
    "haze": effect(
        "contrast-",
        "contrast -0.35 blacks 0.25 clarity -0.25 saturation -0.15"
        "|contrast -0.25 blacks 0.35 exposure 0.15 saturation -0.15",
        "contrast 0.3 blacks -0.2 clarity 0.3 saturation 0.15"
        "|contrast 0.4 blacks -0.1 saturation 0.1|clarity 0.5 contrast 0.2 vibrance 0.2",
    ),
    "punch": effect(
        "contrast+ chroma+",
        "contrast 0.3 saturation 0.15 vibrance 0.15 clarity 0.15"
        "|contrast 0.35 clarity 0.3 saturation 0.1|contrast 0.2 vibrance 0.4",
        "contrast -0.25 saturation -0.2|contrast -0.2 clarity -0.25 saturation -0.1",
    ),
    "pop": effect(
        "chroma+ contrast+",
        "saturation 0.25 contrast 0.2 vibrance 0.15|vibrance 0.5 contrast 0.2"
        "|saturation 0.2 contrast 0.2 clarity 0.3",
        "saturation -0.25 contrast -0.2|vibrance -0.4 contrast -0.15",
    ),
    "depth": effect(
        "contrast+",
        "contrast 0.25 blacks -0.2 clarity 0.2|contrast 0.3 saturation 0.1 exposure -0.1"
        "|clarity 0.35 contrast 0.15 vignette 0.2",
        "contrast -0.25 blacks 0.2|contrast -0.2 clarity -0.2",
    ),
    "richness": effect(
        "chroma+",
        "saturation 0.3 contrast 0.1|saturation 0.2 vibrance 0.2 blacks -0.1"
        "|vibrance 0.45 contrast 0.1",
        "saturation -0.3 contrast -0.1|vibrance -0.45 contrast -0.1",
    ),
    "fade": effect(
        "contrast- chroma-",
        "contrast -0.25 saturation -0.25 blacks 0.25|blacks 0.4 saturation -0.25 contrast -0.1"
        "|contrast -0.3 saturation -0.2 exposure 0.1",
        "contrast 0.25 saturation 0.25 blacks -0.15|contrast 0.3 vibrance 0.3",
    ),
    "matte": effect(
        "contrast- shadows+",
        "blacks 0.45 contrast -0.2|blacks 0.4 contrast -0.2 saturation -0.12"
        "|shadows 0.25 blacks 0.3 contrast -0.2",
        "blacks -0.35 contrast 0.2|contrast 0.3",
    ),
    "harshness": effect(
        "contrast+",
        "contrast 0.3 clarity 0.2|contrast 0.4",
        "contrast -0.25 highlights -0.25 shadows 0.2|contrast -0.3|clarity -0.3 contrast -0.15",
    ),
    "whiten": effect("lightness+", "whites 0.3 exposure 0.25 saturation -0.1", "whites -0.3"),
    "blacken": effect("shadows-", "blacks -0.4|blacks -0.25 shadows -0.25", "blacks 0.4"),
    "clip": effect(
        "highlights+", "whites 0.3|highlights 0.4", "highlights -0.5|whites -0.3 highlights -0.3"
    ),
    "shadow_warmth": effect(
        "shadow_warmth+",
        "shadow_tone 42/0.6 highlight_tone 225/0.06|"
        "shadow_tone 40/0.6 highlight_tone 225/0.2|"
        "shadow_tone 34/0.4",
        "shadow_tone 225/0.65 highlight_tone 45/0.06|"
        "shadow_tone 220/0.65 highlight_tone 45/0.2|"
        "shadow_tone 210/0.5",
    ),
    "highlight_warmth": effect(
        "highlight_warmth+",
        "highlight_tone 45/0.4|highlight_tone 35/0.45",
        "highlight_tone 225/0.4|highlight_tone 205/0.45",
    ),
}
"""Everything that has a direction of its own; looks are in `lexicon/looks.py`."""

HUE_ANGLES = {
    "red": 5.0,
    "orange": 32.0,
    "yellow": 52.0,
    "green": 120.0,
    "cyan": 192.0,
    "blue": 225.0,
    "purple": 275.0,
    "magenta": 320.0,
}
"""Hue in degrees that a colour word means in split toning."""

COLOUR_SHIFTS: dict[str, Effect] = {
    "red": effect(
        "tint+ warmth+", "tint 0.25 temperature 0.2|highlight_tone 5/0.25 tint 0.15", "~"
    ),
    "orange": effect(
        "warmth+", "temperature 0.35 tint 0.08|temperature 0.2 highlight_tone 32/0.25", "~"
    ),
    "yellow": effect("warmth+", "temperature 0.35|temperature 0.25 highlight_tone 52/0.2", "~"),
    "green": effect("tint-", "tint -0.35|tint -0.25 shadow_tone 120/0.15", "~"),
    "cyan": effect(
        "warmth- tint-", "temperature -0.25 tint -0.15|shadow_tone 190/0.3 temperature -0.15", "~"
    ),
    "blue": effect("warmth-", "temperature -0.35|temperature -0.25 shadow_tone 225/0.2", "~"),
    "purple": effect("tint+", "tint 0.3 temperature -0.15|tint 0.2 shadow_tone 275/0.25", "~"),
    "magenta": effect("tint+", "tint 0.35|tint 0.25 highlight_tone 325/0.2", "~"),
}
"""The whole picture towards a colour ("bluer", "a green cast"); less takes the cast away."""

WARM_HUES = {
    "red": 1,
    "orange": 1,
    "yellow": 1,
    "cyan": -1,
    "blue": -1,
    "purple": -1,
    "magenta": 0,
    "green": 0,
}
"""Which way b* goes when tones are tinted with a colour; 0 where it hardly moves."""


def hue_effect(name: str, hue: str) -> Effect | None:
    """An effect on one hue band only, or None where there is no such thing."""
    sat, light = f"sat.{hue}", f"light.{hue}"
    if name in ("chroma", "pop", "vibrance", "punch", "richness"):
        more = f"{sat} 0.5|{sat} 0.4 {light} -0.1|{sat} 0.4 {light} 0.1"
        return effect(f"chroma_{hue}+", more, f"{sat} -0.5|{sat} -0.4 {light} 0.1|{sat} -0.7")
    if name == "lightness":
        more = f"{light} 0.45|{light} 0.35 {sat} 0.1"
        return effect(f"lightness_{hue}+", more, f"{light} -0.45|{light} -0.35 {sat} 0.1")
    if name == "depth":
        more = f"{light} -0.35 {sat} 0.5|{light} -0.45 {sat} 0.4|{light} -0.25 {sat} 0.6"
        return effect(
            f"lightness_{hue}- chroma_{hue}+",
            more,
            f"{light} 0.4 {sat} -0.3|{light} 0.45 {sat} -0.2",
        )
    if name in ("fade", "softness", "matte", "haze"):
        less = f"{sat} 0.45|{sat} 0.35 {light} -0.1"
        return effect(f"chroma_{hue}-", f"{sat} -0.45|{sat} -0.35 {light} 0.15", less)
    if name == "colourless":
        return effect(f"chroma_{hue}-", f"{sat} -1")
    return None


def tone_effect(tones: str, hue: str) -> Effect:
    """Tint the shadows or highlights ("blue shadows")."""
    setting = "shadow_tone" if tones in ("shadows", "blacks") else "highlight_tone"
    quantity = "shadow_warmth" if setting == "shadow_tone" else "highlight_warmth"
    angle, way = HUE_ANGLES[hue], WARM_HUES[hue]
    if setting == "shadow_tone" and hue == "cyan":
        angle = 204.0  # the teal of colour grading; next to warm highlights a greener one is lost
    quantities = "" if way == 0 else f"{quantity}{'+' if way > 0 else '-'}"
    # Dark and bright pictures need another balance of the two ends: the readings differ in it.
    amounts = (0.8, 1.0, 0.4) if setting == "shadow_tone" else (0.42, 0.2, 0.75)
    return effect(quantities, "|".join(f"{setting} {angle:g}/{amount}" for amount in amounts), "~")


def region_effect(name: str, region: str) -> Effect | None:
    """An effect on dark, middle or bright tones only, or None where there is no such thing."""
    dark = region in ("shadows", "blacks")
    if name in ("highlights", "shadows", "whites", "blacks", "midtones"):
        return EFFECTS[region]
    if name == "haze" and region in ("whites", "highlights", "blacks", "shadows"):
        return EFFECTS[region] if dark else _flipped(EFFECTS[region])
    if name == "blacken":
        return _flipped(EFFECTS[region])
    if name in ("lightness", "whiten"):
        return EFFECTS[region]
    if name in ("pop", "glow") and region in ("highlights", "whites"):
        return EFFECTS[region]
    if name == "depth":
        return _flipped(EFFECTS[region]) if region != "whites" else EFFECTS["whites"]
    if name in ("fade", "matte") and dark:
        return EFFECTS["matte"] if region == "blacks" else EFFECTS["shadows"]
    if name in ("richness", "harshness", "punch", "contrast", "clip") and region != "midtones":
        return _flipped(EFFECTS[region]) if dark else EFFECTS[region]
    if name in ("softness", "fade", "matte") and region != "midtones":
        return EFFECTS[region] if dark else _flipped(EFFECTS[region])
    if name in ("detail", "clarity", "local_contrast") and region != "midtones":
        return EFFECTS[region] if dark else _flipped(EFFECTS[region])
    if region == "midtones" and name in ("contrast", "punch", "detail", "local_contrast"):
        return EFFECTS["local_contrast"]
    if name == "chroma" and region in ("whites", "blacks"):
        return EFFECTS[region] if region == "whites" else _flipped(EFFECTS[region])
    if name == "warmth" and region == "midtones":
        return effect(
            "warmth+",
            "shadow_tone 38/0.2 highlight_tone 42/0.2",
            "shadow_tone 225/0.2 highlight_tone 220/0.2",
        )
    if name == "warmth":
        return EFFECTS["shadow_warmth" if dark else "highlight_warmth"]
    return None


def _flipped(one: Effect) -> Effect:
    return Effect(one.less, one.more, one.quantities(-1), one.moves, one.control)
