"""What a storybook scene is: its attributes, how scenes are drawn at random, the unseen split."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Final

import numpy as np

SUBJECTS: Final = (
    "house",
    "lighthouse",
    "windmill",
    "castle",
    "tree",
    "boat",
    "cat",
    "swan",
    "car",
    "balloon",
)
COLOURS: Final = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white")
SECONDS: Final = ("none", "apple tree", "cat", "ball", "umbrella", "flag", "mushroom")
GROUNDS: Final = ("bare", "path", "flowers", "fence")
PLACES: Final = ("meadow", "seaside", "mountains", "desert", "forest")
HELD_OUT_PLACE: Final = "town"
LIGHTS: Final = ("noon", "sunset", "night", "grey day")
WEATHERS: Final = ("clear", "cloudy", "rain", "snow")
SEASONS: Final = ("spring", "summer", "autumn", "winter")
VIEWS: Final = ("near", "far")
STYLES: Final = ("flat", "watercolour", "pixel art", "pencil")
HELD_OUT_STYLE: Final = "stained glass"

ATTRIBUTES: Final[Mapping[str, tuple[str, ...]]] = {
    "subject": SUBJECTS,
    "colour": COLOURS,
    "second": SECONDS,
    "second_colour": COLOURS,
    "ground": GROUNDS,
    "place": (*PLACES, HELD_OUT_PLACE),
    "light": LIGHTS,
    "weather": WEATHERS,
    "season": SEASONS,
    "view": VIEWS,
    "style": (*STYLES, HELD_OUT_STYLE),
}

# Chosen among the first salts so that every subject keeps at least six colours and four places,
# every colour and place stays common, and the share held out is an eighth of either table.
_SPLIT_SALT: Final = "storybook-split-175"


@dataclass(frozen=True)
class Scene:
    """One illustrated scene; equal scenes render to equal pixels.

    Attributes:
        seed: layout seed; positions, hills and clouds depend on it and on nothing else, so two
            scenes that share it differ only where their attributes do.
        second_colour: kept (and ignored by renderer and captions) when ``second`` is ``"none"``.
    """

    subject: str = "house"
    colour: str = "red"
    second: str = "none"
    second_colour: str = "green"
    ground: str = "bare"
    place: str = "meadow"
    light: str = "noon"
    weather: str = "clear"
    season: str = "summer"
    view: str = "near"
    style: str = "flat"
    seed: int = 0

    def __post_init__(self) -> None:
        for name, values in ATTRIBUTES.items():
            if getattr(self, name) not in values:
                raise ValueError(f"{name} cannot be {getattr(self, name)!r}; one of {values}")
        if self.seed < 0:
            raise ValueError("the layout seed is a non-negative integer")

    def attributes(self) -> dict[str, str | int]:
        """All fields as plain data, ready for JSON."""
        return asdict(self)

    def with_(self, **changes: str | int) -> Scene:
        """The same scene with some attributes changed."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names and types meet in fields


def from_attributes(data: Mapping[str, str | int]) -> Scene:
    """Inverse of `Scene.attributes`; unknown keys are refused."""
    known = {f.name for f in fields(Scene)}
    if unknown := set(data) - known:
        raise ValueError(f"not attributes of a scene: {sorted(unknown)}")
    return Scene(**data)  # type: ignore[arg-type]  # values are checked in __post_init__


def _held_out(first: tuple[str, ...], second: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """The eighth of all pairs with the smallest hash: fixed for ever, an exact share."""
    pairs = [(a, b) for a in first for b in second]

    def rank(pair: tuple[str, str]) -> bytes:
        return hashlib.blake2b(f"{_SPLIT_SALT}|{pair[0]}|{pair[1]}".encode()).digest()

    return frozenset(sorted(pairs, key=rank)[: round(len(pairs) / 8)])


UNSEEN_COLOURS: Final = _held_out(SUBJECTS, COLOURS)
UNSEEN_PLACES: Final = _held_out(SUBJECTS, PLACES)


def is_unseen(scene: Scene) -> bool:
    """Whether a (subject, colour) or (subject, place) pair of it never occurs in training."""
    return (scene.subject, scene.colour) in UNSEEN_COLOURS or (
        scene.subject,
        scene.place,
    ) in UNSEEN_PLACES


def is_held_out(scene: Scene) -> bool:
    """Whether the scene lies in the place or the style kept for domain tests."""
    return scene.place == HELD_OUT_PLACE or scene.style == HELD_OUT_STYLE


def _pick(rng: np.random.Generator, values: tuple[str, ...], first: float | None = None) -> str:
    """One value; ``first`` is the probability of the first one, the rest share evenly."""
    if first is not None and rng.random() < first:
        return values[0]
    rest = values if first is None else values[1:]
    return rest[int(rng.integers(len(rest)))]


def sample_any(rng: np.random.Generator) -> Scene:
    """A scene from the whole training vocabulary, seen or unseen, never held out."""
    subject = _pick(rng, SUBJECTS)
    second = _pick(rng, SECONDS, 0.4)
    while second.split()[-1] == subject:
        second = _pick(rng, SECONDS, 0.4)
    return Scene(
        subject=subject,
        colour=_pick(rng, COLOURS),
        second=second,
        second_colour=_pick(rng, COLOURS),
        ground=_pick(rng, GROUNDS, 0.34),
        place=_pick(rng, PLACES),
        light=_pick(rng, LIGHTS),
        weather=_pick(rng, WEATHERS, 0.34),
        season=_pick(rng, SEASONS),
        view=_pick(rng, VIEWS),
        style=_pick(rng, STYLES, 0.4),
        seed=int(rng.integers(2**31)),
    )


def sample_scene(rng: np.random.Generator, *, unseen: bool = False) -> Scene:
    """A scene of the training split, or with ``unseen=True`` one that training never shows."""
    while True:
        scene = sample_any(rng)
        if is_unseen(scene) == unseen:
            return scene
