from __future__ import annotations

from dataclasses import replace

from editor.tone.effects import Effect, effect
from editor.tone.recipes import EffectRecipe

_LOOKS = """
moody: lightness- chroma- : exposure -0.4 highlights -0.2 saturation -0.3 vignette 0.25 |
    exposure -0.45 saturation -0.3 shadow_tone 210/0.12 | exposure -0.35 contrast 0.15
    saturation -0.35 : exposure 0.35 saturation 0.2
dramatic: contrast+ local_contrast+ : contrast 0.35 clarity 0.35 vignette 0.2 | contrast 0.45
    blacks -0.15 clarity 0.25 | clarity 0.55 contrast 0.25 highlights -0.15 : contrast -0.3
    clarity -0.3
cinematic: shadow_warmth- highlight_warmth+ contrast+ : contrast 0.22 shadow_tone 214/0.8
    highlight_tone 40/0.34 saturation -0.05 | contrast 0.25 shadow_tone 214/1 highlight_tone 38/0.15
    vignette 0.2 | contrast 0.22 shadow_tone 214/0.4 highlight_tone 42/0.65 clarity 0.1
teal_and_orange: shadow_warmth- highlight_warmth+ : shadow_tone 210/0.9 highlight_tone 34/0.38 |
    shadow_tone 212/1 highlight_tone 34/0.15 | shadow_tone 208/0.4 highlight_tone 32/0.7
golden_hour: warmth+ highlight_warmth+ : temperature 0.4 highlight_tone 42/0.25 shadows 0.1 |
    temperature 0.45 exposure 0.1 saturation 0.1 | temperature 0.35 highlight_tone 36/0.35 tint
    0.05
sunset: warmth+ highlight_warmth+ : temperature 0.4 tint 0.12 highlight_tone 28/0.3 saturation
    0.1 | temperature 0.45 highlight_tone 20/0.25 shadow_tone 285/0.12 | temperature 0.35
    highlight_tone 32/0.4 exposure -0.1
blue_hour: warmth- lightness- : temperature -0.4 exposure -0.3 | temperature -0.35 exposure
    -0.35 shadow_tone 228/0.25 | temperature -0.45 exposure -0.25 tint 0.06
moonlight: lightness- warmth- : exposure -1 temperature -0.5 saturation -0.3 | exposure -0.8
    temperature -0.4 shadow_tone 225/0.3 saturation -0.35 | exposure -1.2 temperature -0.45
    contrast 0.1
dreamy: local_contrast- sharpness- : clarity -0.45 contrast -0.15 exposure 0.15 blur 0.06 |
    clarity -0.5 highlights 0.2 blur 0.08 saturation -0.05 | clarity -0.35 contrast -0.2
    temperature 0.1 blur 0.06 : clarity 0.35 sharpen 0.5
glow: local_contrast- lightness+ : clarity -0.4 exposure 0.2 highlights 0.1 | clarity -0.35
    exposure 0.15 temperature 0.15 | clarity -0.5 exposure 0.25 blur 0.05 : clarity 0.3 exposure
    -0.15
airy: lightness+ : exposure 0.45 contrast -0.15 shadows 0.25 | exposure 0.5 contrast -0.2
    saturation -0.08 | exposure 0.4 shadows 0.35 vibrance 0.1 : exposure -0.35 contrast 0.1
high_key: lightness+ : exposure 0.8 shadows 0.35 contrast -0.15 | exposure 1 contrast -0.2 |
    exposure 0.6 whites 0.3 shadows 0.4 : exposure -0.5
low_key: lightness- : exposure -0.7 contrast 0.2 shadows -0.25 | exposure -0.9 contrast 0.25 |
    exposure -0.5 shadows -0.4 vignette 0.4 : exposure 0.5
noir: hue_spread- contrast+ : black_and_white 1 contrast 0.5 vignette 0.35 | black_and_white 1
    contrast 0.6 blacks -0.2 grain 0.2 | black_and_white 1 contrast 0.45 exposure -0.2 clarity
    0.3
vintage: warmth+ contrast- : saturation -0.38 contrast -0.22 blacks 0.25 highlight_tone 46/0.32
    shadow_tone 42/0.22 | sepia 0.5 contrast -0.22 blacks 0.25 saturation -0.1 | saturation -0.2
    highlight_tone 46/0.5 shadow_tone 42/0.4 contrast -0.2 blacks 0.2 grain 0.2 vignette 0.2
    : contrast 0.2 saturation 0.2
film: noise+ contrast- : grain 0.3 contrast -0.14 blacks 0.15 temperature 0.06 | grain 0.3
    contrast -0.12 highlight_tone 45/0.15 shadow_tone 200/0.12 | grain 0.4 contrast -0.18
    saturation -0.1
faded_film: contrast- chroma- shadows+ : contrast -0.25 saturation -0.28 blacks 0.4 | contrast
    -0.22 saturation -0.25 blacks 0.4 grain 0.25 | contrast -0.25 saturation -0.3 blacks 0.3
    shadows 0.2 shadow_tone 200/0.06
slide_film: chroma+ contrast+ : saturation 0.35 contrast 0.25 | vibrance 0.5 contrast 0.28 |
    saturation 0.3 contrast 0.22 temperature 0.08
washed_out: contrast- chroma- : contrast -0.45 saturation -0.35 exposure 0.2 | contrast -0.3
    saturation -0.4 blacks 0.3 | contrast -0.4 saturation -0.3 highlights 0.1 : contrast 0.3
    saturation 0.3 blacks -0.1 | contrast 0.3 vibrance 0.35 blacks -0.15
bleach_bypass: chroma- contrast+ : saturation -0.5 contrast 0.4 | saturation -0.45 contrast 0.35
    clarity 0.25 | saturation -0.6 contrast 0.45 grain 0.2
cross_processed: contrast+ : contrast 0.3 shadow_tone 195/0.3 highlight_tone 60/0.3 saturation
    0.15 | contrast 0.35 tint -0.12 highlight_tone 55/0.3
lomo: edge_darkening- chroma+ contrast+ : vignette 0.6 saturation 0.3 contrast 0.28 | vignette
    0.7 vibrance 0.4 contrast 0.28 grain 0.15
hdr: local_contrast+ : clarity 0.6 highlights -0.3 shadows 0.35 vibrance 0.15 | clarity 0.7
    highlights -0.4 shadows 0.45 sharpen 0.3 : clarity -0.4
gritty: local_contrast+ fine_detail+ : clarity 0.5 contrast 0.25 grain 0.25 sharpen 0.5
    saturation -0.2 | clarity 0.6 sharpen 0.8 saturation -0.3 : clarity -0.35 blur 0.06
crisp: sharpness+ fine_detail+ local_contrast+ : sharpen 0.8 clarity 0.25 | sharpen 1 contrast
    0.12 clarity 0.15 | sharpen 0.6 clarity 0.4 : blur 0.1 clarity -0.2
pastel: chroma- lightness+ contrast- : saturation -0.35 exposure 0.3 contrast -0.28 | saturation
    -0.3 exposure 0.25 contrast -0.25 shadows 0.2 | saturation -0.4 exposure 0.35 contrast -0.28
    tint 0.04
muted: chroma- : saturation -0.35 contrast -0.08 | saturation -0.3 vibrance -0.15 | saturation
    -0.3 blacks 0.15 contrast -0.1 : saturation 0.3
wintry: warmth- : temperature -0.35 saturation -0.1 | temperature -0.3 exposure 0.15 saturation
    -0.1 | temperature -0.3 shadow_tone 215/0.2 : temperature 0.3
autumnal: warmth+ : temperature 0.28 sat.orange 0.3 sat.red 0.2 sat.green -0.25 | temperature
    0.35 saturation 0.1 : temperature -0.25
sunny: lightness+ warmth+ : exposure 0.35 temperature 0.25 vibrance 0.15 | exposure 0.3
    temperature 0.3 contrast 0.1 | exposure 0.3 temperature 0.2 highlight_tone 48/0.2 : exposure
    -0.25 temperature -0.2
fresh: lightness+ chroma+ : exposure 0.3 vibrance 0.35 | exposure 0.25 saturation 0.25
    temperature -0.05 | exposure 0.3 vibrance 0.25 clarity 0.15
cosy: warmth+ : temperature 0.35 vignette 0.15 | temperature 0.3 highlight_tone 38/0.2 contrast
    -0.08 | temperature 0.4 exposure -0.1 : temperature -0.3
romantic: warmth+ local_contrast- : temperature 0.2 tint 0.08 clarity -0.3 | temperature 0.15
    highlight_tone 15/0.2 clarity -0.35 contrast -0.1
gloomy: lightness- chroma- : exposure -0.45 saturation -0.35 temperature -0.1 | exposure -0.4
    saturation -0.4 contrast -0.1 | exposure -0.5 saturation -0.35 vignette 0.3 : exposure 0.4
    saturation 0.3
eerie: lightness- chroma- : exposure -0.5 saturation -0.4 tint -0.12 temperature -0.1 | exposure
    -0.45 saturation -0.4 vignette 0.5 contrast 0.15 | exposure -0.6 saturation -0.35
    shadow_tone 150/0.12
cheerful: lightness+ chroma+ : exposure 0.35 vibrance 0.3 saturation 0.12 | exposure 0.3
    saturation 0.3 temperature 0.1 | exposure 0.35 vibrance 0.4 : exposure -0.25 saturation
    -0.25
calm: contrast- : contrast -0.22 clarity -0.2 saturation -0.08 | contrast -0.2 temperature -0.06
    saturation -0.1 | contrast -0.25 highlights -0.15
lively: chroma+ contrast+ : saturation 0.25 contrast 0.2 | vibrance 0.45 contrast 0.2 |
    saturation 0.2 vibrance 0.2 contrast 0.2 clarity 0.15 : saturation -0.25 contrast -0.15
stormy: lightness- warmth- contrast+ : exposure -0.3 temperature -0.25 contrast 0.3 clarity 0.4
    saturation -0.15 | exposure -0.35 temperature -0.2 contrast 0.35 clarity 0.3 vignette 0.3
misty: contrast- local_contrast- : contrast -0.4 blacks 0.3 clarity -0.35 saturation -0.15 |
    contrast -0.35 blacks 0.4 clarity -0.4 exposure 0.15 : contrast 0.3 blacks -0.2 clarity 0.3
    saturation 0.12
neon: chroma+ contrast+ : saturation 0.35 contrast 0.25 shadow_tone 265/0.25 highlight_tone
    315/0.2 | saturation 0.4 contrast 0.28 shadow_tone 240/0.25 highlight_tone 320/0.25
old_photo: warmth+ contrast- : sepia 0.8 contrast -0.22 blacks 0.2 | sepia 0.75 contrast -0.22
    grain 0.3 vignette 0.3 | sepia 0.65 contrast -0.28 blacks 0.3
cyanotype: warmth- : black_and_white 1 shadow_tone 215/0.6 highlight_tone 210/0.2 |
    black_and_white 1 shadow_tone 220/0.8 contrast 0.15
silhouette: lightness- shadows- : exposure -0.7 shadows -0.6 contrast 0.3 | exposure -0.9
    contrast 0.45 blacks -0.4
clean: lightness+ contrast+ : exposure 0.25 contrast 0.2 whites 0.15 | exposure 0.3 contrast
    0.22 clarity 0.1
earthy: warmth+ : temperature 0.25 saturation -0.12 sat.blue -0.3 | saturation -0.28
    temperature 0.14 sat.green -0.2 sat.blue -0.3
icy: warmth- : temperature -0.45 contrast 0.08 | temperature -0.4 exposure 0.15 saturation -0.12
    | temperature -0.4 shadow_tone 205/0.2 clarity 0.15
fiery: warmth+ chroma+ : temperature 0.4 tint 0.12 saturation 0.2 contrast 0.15 | temperature
    0.45 saturation 0.2 highlight_tone 20/0.25
rosy: tint+ warmth+ : tint 0.25 temperature 0.15 | tint 0.2 highlight_tone 350/0.25 temperature
    0.14 : tint -0.2 temperature -0.12
silvery: chroma- : saturation -0.6 contrast 0.15 | saturation -0.7 clarity 0.25 temperature
    -0.05
velvety: local_contrast- : clarity -0.4 | clarity -0.35 blur 0.05 | clarity -0.35 contrast -0.12
    : clarity 0.4
bold: contrast+ chroma+ : contrast 0.3 saturation 0.25 | contrast 0.35 vibrance 0.4 | contrast
    0.3 saturation 0.2 clarity 0.25 : contrast -0.25 saturation -0.25
log: contrast- chroma- : contrast -0.5 saturation -0.35 blacks 0.2 | contrast -0.4 saturation
    -0.4
underwater: warmth- : temperature -0.35 tint -0.12 contrast -0.12 | temperature -0.25
    shadow_tone 195/0.4 highlight_tone 190/0.25
overcast: warmth- contrast- : temperature -0.22 contrast -0.25 saturation -0.12 | temperature
    -0.25 contrast -0.22 highlights -0.2
green_grade: tint- : tint -0.35 contrast 0.15 | shadow_tone 140/0.35 tint -0.15 contrast 0.15
natural: chroma- : saturation -0.2 contrast -0.08 | vibrance -0.25 clarity -0.08
editorial: contrast+ : contrast 0.28 saturation -0.12 clarity 0.12 | contrast 0.32 clarity 0.2
lush: chroma_green+ : sat.green 0.45 sat.yellow 0.2 | sat.green 0.4 light.green -0.12 vibrance
    0.2
"""


def _can_turn(recipe: EffectRecipe) -> bool:
    """True if the opposite of a look means something ("less icy", but not less grain)."""
    one_way = {"black_and_white", "sepia", "grain", "blur", "sharpen"}
    return not one_way & {name for name, _ in recipe.scalars}


def _read(table: str) -> dict[str, Effect]:
    looks: dict[str, Effect] = {}
    for line in table.strip().replace("\n    ", " ").splitlines():
        name, quantities, more, *less = (part.strip() for part in line.split(":"))
        one = effect(quantities, more, less[0] if less else "")
        turned = [r for r in one.more if _can_turn(r)]
        if not one.less and turned:
            one = replace(one, less=tuple(recipe.scaled(-0.7) for recipe in turned))
        looks[name] = one
    return looks


LOOKS: dict[str, Effect] = _read(_LOOKS)
"""Looks that artists name: `name: what must move : recipes : recipes for less of it`."""
