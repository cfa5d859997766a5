"""What a scene is called: a caption grammar with synonyms, one canonical form, and its parser."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from inference.starter.scene import Scene

Words = dict[str, tuple[str, ...]]

# The first word of each row is the canonical one.
SUBJECT_WORDS: Final[Words] = {
    "house": ("house", "cottage"),
    "lighthouse": ("lighthouse", "beacon tower"),
    "windmill": ("windmill", "mill"),
    "castle": ("castle", "fortress"),
    "tree": ("tree", "round tree"),
    "boat": ("boat", "sailing boat", "sailboat"),
    "cat": ("cat", "kitten"),
    "swan": ("swan",),
    "car": ("car", "motor car"),
    "balloon": ("hot air balloon", "balloon"),
}
SECOND_WORDS: Final[Words] = {
    "apple tree": ("apple tree", "fruit tree"),
    "cat": ("cat", "kitten"),
    "ball": ("ball", "beach ball"),
    "umbrella": ("umbrella", "parasol"),
    "flag": ("flag", "banner"),
    "mushroom": ("mushroom", "toadstool"),
}
COLOUR_WORDS: Final[Words] = {
    "red": ("red", "scarlet"),
    "orange": ("orange", "tangerine"),
    "yellow": ("yellow", "golden"),
    "green": ("green", "emerald"),
    "blue": ("blue", "azure"),
    "purple": ("purple", "violet"),
    "pink": ("pink", "rosy"),
    "white": ("white", "ivory"),
}
GROUND_WORDS: Final[Words] = {
    "path": ("a path", "a winding path", "a footpath"),
    "flowers": ("flowers", "a row of flowers", "garden flowers"),
    "fence": ("a fence", "a picket fence", "a garden fence"),
}
PLACE_WORDS: Final[Words] = {
    "meadow": ("in a meadow", "on rolling hills", "in the fields"),
    "seaside": ("at the seaside", "by the sea", "on a beach"),
    "mountains": ("in the mountains", "below high peaks", "in the alps"),
    "desert": ("in the desert", "among sand dunes", "in a canyon land"),
    "forest": ("in a forest", "in the woods", "among firs"),
    "town": ("in a town", "in the city", "in an old street"),
}
LIGHT_WORDS: Final[Words] = {
    "noon": ("at noon", "a sunny day", "in bright daylight", "at midday"),
    "sunset": ("at sunset", "at dusk", "in the evening glow"),
    "night": ("at night", "by moonlight", "under the stars"),
    "grey day": ("on a grey day", "an overcast day", "in dull light"),
}
WEATHER_WORDS: Final[Words] = {
    "clear": ("clear sky", "cloudless sky", "fine weather"),
    "cloudy": ("cloudy sky", "big clouds", "fluffy clouds"),
    "rain": ("rain", "rainy weather", "rain is falling"),
    "snow": ("snow is falling", "snowfall", "snowy weather"),
}
SEASON_WORDS: Final[Words] = {
    "spring": ("spring", "in spring", "springtime"),
    "summer": ("summer", "in summer", "summertime"),
    "autumn": ("autumn", "in autumn", "in the fall"),
    "winter": ("winter", "in winter", "wintertime"),
}
VIEW_WORDS: Final[Words] = {
    "near": ("seen close", "close up", "a close view"),
    "far": ("seen from afar", "from a distance", "a wide view"),
}
STYLE_WORDS: Final[Words] = {
    "flat": ("flat illustration", "flat picture"),
    "watercolour": ("watercolour", "watercolour painting", "aquarelle"),
    "pixel art": ("pixel art", "pixel picture"),
    "pencil": ("pencil drawing", "coloured pencil", "pencil sketch"),
    "stained glass": ("stained glass", "leaded glass"),
}
_SIZES: Final = ("little ", "small ", "lovely ")
_BESIDE: Final = ("with", "beside", "next to", "near")
_TAIL: Final[tuple[tuple[str, Words], ...]] = (
    ("light", LIGHT_WORDS),
    ("weather", WEATHER_WORDS),
    ("season", SEASON_WORDS),
    ("view", VIEW_WORDS),
    ("style", STYLE_WORDS),
)
REST_WORDS: Final[dict[str, Words]] = {
    **dict(_TAIL), "ground": GROUND_WORDS, "place": PLACE_WORDS,
}  # fmt: skip
"""The words of all attributes but things and colours."""


def article(noun: str) -> str:
    """The noun phrase with "a" or "an" before it."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _things(subject: str, beside: str, second: str, ground: str) -> str:
    text = article(subject)
    if second and ground:
        return f"{text} {beside} {article(second)} and {ground}"
    if second:
        return f"{text} {beside} {article(second)}"
    return f"{text} with {ground}" if ground else text


def canonical(scene: Scene) -> str:
    """The one plain caption that names every attribute, always in the same order.

    Without second object, or on bare ground, nothing is said about them.
    """
    subject = f"{scene.colour} {SUBJECT_WORDS[scene.subject][0]}"
    second = ""
    if scene.second != "none":
        second = f"{scene.second_colour} {SECOND_WORDS[scene.second][0]}"
    ground = "" if scene.ground == "bare" else GROUND_WORDS[scene.ground][0]
    tail = [words[getattr(scene, name)][0] for name, words in _TAIL]
    return ", ".join(
        [
            _things(subject, "with", second, ground),
            PLACE_WORDS[scene.place][0],
            *tail,
        ]
    )


def _pick(rng: np.random.Generator, words: tuple[str, ...], plain: float) -> str:
    """The canonical word with probability ``plain``, else any of them."""
    return words[0] if rng.random() < plain else words[int(rng.integers(len(words)))]


def random_caption(
    scene: Scene, rng: np.random.Generator, *, complete: bool = True, plain: float = 0.5
) -> str:
    """A caption in other words.

    Args:
        scene: what to describe.
        rng: source of the choices; equal states give equal captions.
        complete: name every attribute; otherwise each of place, light, weather, season, view and
            style is left out with probability 0.4, as people do.
        plain: probability of the canonical word wherever there are synonyms.
    """
    size = _SIZES[int(rng.integers(len(_SIZES)))] if rng.random() < 0.25 else ""
    colour = _pick(rng, COLOUR_WORDS[scene.colour], plain)
    subject = f"{size}{colour} {_pick(rng, SUBJECT_WORDS[scene.subject], plain)}"
    second = ""
    if scene.second != "none":
        colour = _pick(rng, COLOUR_WORDS[scene.second_colour], plain)
        second = f"{colour} {_pick(rng, SECOND_WORDS[scene.second], plain)}"
    ground = "" if scene.ground == "bare" else _pick(rng, GROUND_WORDS[scene.ground], plain)
    head = _things(subject, _pick(rng, _BESIDE, 0.4), second, ground)

    def named() -> bool:
        return complete or bool(rng.random() < 0.6)

    if named():
        head += (", " if rng.random() < 0.5 else " ") + _pick(rng, PLACE_WORDS[scene.place], plain)
    tail = []
    for name, words in _TAIL:
        if not named():
            continue
        phrase = _pick(rng, words[getattr(scene, name)], plain)
        if name == "style" and rng.random() < 0.4:
            head = f"{phrase if phrase == 'pixel art' else article(phrase)} of {head}"
        else:
            tail.append(phrase)
    if rng.random() < 0.5:
        rng.shuffle(tail)
    return ", ".join([head, *tail])


def _lookup(*tables: Words) -> dict[str, str]:
    return {word: value for table in tables for value, words in table.items() for word in words}


_THINGS: Final = _lookup(SUBJECT_WORDS, SECOND_WORDS)
_COLOURS: Final = _lookup(COLOUR_WORDS)
_REST: Final = tuple((name, _lookup(words)) for name, words in REST_WORDS.items())


def _any(words: dict[str, str]) -> str:
    """A pattern for any of the words, longest first."""
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True))


_REST_PATTERNS: Final = tuple(
    (name, words, re.compile(rf"\b({_any(words)})\b")) for name, words in _REST
)
_THING: Final = re.compile(rf"\b(?:({_any(_COLOURS)}) )?({_any(_THINGS)})\b")


def things_named(text: str) -> list[tuple[str, str]]:
    """Every thing a text names with the colour said right before it, "" for none, in order."""
    found = _THING.finditer(f" {text.lower()} ")
    return [(_THINGS[match[2]], _COLOURS.get(match[1] or "", "")) for match in found]


def parse_caption(text: str) -> dict[str, str]:
    """The attributes a caption of this grammar names; attributes left out are absent.

    The first thing named is the subject, the next one the second object. A caption that names
    no second object says there is none, and one that names no ground says it is bare.
    """
    text = " " + text.lower() + " "
    found: dict[str, str] = {}
    for name, words, pattern in _REST_PATTERNS:
        if match := pattern.search(text):
            found[name] = words[match[1]]
            text = text[: match.start()] + "," + text[match.end() :]
    things = list(_THING.finditer(text))
    for match, names in zip(
        things, (("subject", "colour"), ("second", "second_colour")), strict=False
    ):
        found[names[0]] = _THINGS[match[2]]
        if match[1]:
            found[names[1]] = _COLOURS[match[1]]
    found.setdefault("second", "none")
    found.setdefault("ground", "bare")
    return found
