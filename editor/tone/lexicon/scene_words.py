"""Words that tone and colour only hints at: what repaints a picture can show them."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

TIMES: Final = (
    *("grey day", "sunny day", "overcast day", "dusk", "sundown", "twilight", "sunset"),
    *("evening glow", "noon", "midday", "daytime", "bright daylight", "dull light", "overcast"),
    *("night", "nighttime", "nightfall", "midnight", "moonlight", "moonlit", "starlit", "starry"),
    *("under the stars",),
)
WEATHERS: Final = (
    *("clear sky", "clear weather", "clear the sky", "make the sky clear", "cloudless sky"),
    *("clouds", "cloudy sky", "make it cloudy", "fine weather", "rain", "rainy", "raindrops"),
    *("downpour", "drizzle", "stormy", "let it snow", "make it snow", "falling snow"),
    *("snow is falling", "snowfall", "snowflakes", "snowy", "blizzard", "frozen", "frosty", "icy"),
)
SEASONS: Final = (
    *("spring", "springtime", "springlike", "blossoms", "summer", "summertime", "summery"),
    *("midsummer", "autumn", "autumnal", "fall", "winter", "wintertime", "wintry"),
)
STYLES: Final = (
    *("aquarelle", "aquarelles", "watercolour", "watercolours", "watercolor", "watercolors"),
    *("coloured pencil", "pencil drawing", "pencil sketch", "sketch", "sketched"),
    *("flat illustration", "flat picture", "leaded glass", "stained glass"),
    *("pixel art", "pixel picture", "pixelated", "pixelate", "8-bit"),
)


def names_scene(text: str) -> bool:
    """Whether words name a time of day, a weather, a season or a style of drawing."""
    return _pattern().search(text) is not None


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted((*TIMES, *WEATHERS, *SEASONS, *STYLES), key=lambda name: (-len(name), name))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
