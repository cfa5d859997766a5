"""Simulated artists who edit a storybook picture towards a goal that nobody else sees.

What context can exploit, all of it (`draw_trace`):

1. Taste. An artist has one of `TASTES`; the values that the goal gives to light, weather, season,
   style, colours, second thing and ground are those of the taste. The present prompt names chosen
   and accidental values alike; only the path says which were chosen, and so which taste it is.
2. Once. What was edited stays, but for second thoughts: with probability `SECOND_THOUGHT` a value
   is tried first that is not the goal's.
3. Order. Edits of the whole picture (light, weather, season, style) and edits of things come in
   runs: the next one is of the same group with probability `SAME_GROUP` where both are left.
4. Refusals. Before an edit, with probability `REFUSING`, an edit away from the goal was offered
   and refused.

The memoryless variant has no goal: attribute and value follow from the present scene alone, so its
path helps nobody. It is the negative control.

Tests hold this file's hash: it was written before any model was trained on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from editor.model.trace import Trace, TraceStep
from inference.lab.storybook.edits import Edit
from inference.lab.storybook.instructions import instruct
from inference.starter.captions import canonical, random_caption
from inference.starter.lines import ParsedEdit
from inference.starter.scene import ATTRIBUTES, STYLES, Scene, is_unseen, sample_scene
from inference.starter.world_captions import read_caption, reword

SOURCE: Final = "simulated artists on storybook scenes"
SECOND_THOUGHT: Final = 0.1
SAME_GROUP: Final = 0.75
REFUSING: Final = 0.3
EDITS: Final = (4, 6)
"""Least and most edits of a trace."""

_STREAM: Final = 0x60A1
_WHOLE: Final = ("light", "weather", "season", "style")
_ATTRIBUTES: Final = (*_WHOLE, "colour", "second", "second_colour", "ground")
_NOTHING: Final = {"second": "none", "ground": "bare"}
_WEIGHTS: Final = {"second": 5.0, "ground": 5.0, "colour": 0.5, "second_colour": 0.5}
_MARKOV_WEIGHTS: Final = {"second": 1.7, "ground": 1.7}
"""Of attributes among those left; the others weigh 1. With these about half of the edits replace
words, then come inserts, then deletes, as published (arXiv 2305.11317)."""

_SUCCESSOR: Final = 0.7
"""Memoryless: how often an attribute takes the next value of its list."""

Taste = dict[str, str]

TASTES: Final[tuple[Taste, ...]] = (
    {"light": "night", "weather": "snow", "season": "winter", "style": "watercolour",
     "colour": "blue", "second": "none", "second_colour": "white", "ground": "bare"},
    {"light": "sunset", "weather": "cloudy", "season": "autumn", "style": "pencil",
     "colour": "orange", "second": "mushroom", "second_colour": "red", "ground": "path"},
    {"light": "noon", "weather": "clear", "season": "summer", "style": "pixel art",
     "colour": "yellow", "second": "ball", "second_colour": "pink", "ground": "fence"},
    {"light": "grey day", "weather": "rain", "season": "spring", "style": "flat",
     "colour": "purple", "second": "umbrella", "second_colour": "green", "ground": "flowers"},
    {"light": "noon", "weather": "cloudy", "season": "spring", "style": "watercolour",
     "colour": "pink", "second": "apple tree", "second_colour": "yellow", "ground": "flowers"},
    {"light": "night", "weather": "clear", "season": "summer", "style": "flat",
     "colour": "white", "second": "none", "second_colour": "blue", "ground": "bare"},
    {"light": "sunset", "weather": "rain", "season": "winter", "style": "pixel art",
     "colour": "red", "second": "flag", "second_colour": "orange", "ground": "bare"},
    {"light": "grey day", "weather": "snow", "season": "autumn", "style": "pencil",
     "colour": "green", "second": "none", "second_colour": "purple", "ground": "fence"},
)  # fmt: skip
"""What artists want, by attribute."""


@dataclass(frozen=True)
class GoalTrace:
    """A simulated trace and the scenes behind its prompts.

    Attributes:
        trace: prompts, instructions, the caption of each picture, refusals.
        scenes: of the kept steps; scene j is what the picture of prompt j shows.
        edits: of the scenes; edit j leads from scene j to scene j + 1.
    """

    trace: Trace
    scenes: tuple[Scene, ...]
    edits: tuple[Edit, ...]


def draw_trace(rng: np.random.Generator, *, memoryless: bool = False) -> GoalTrace:
    """One artist's work: 4 to 6 edits of a scene of the training split.

    Prompts name each attribute of the whole picture with probability 0.6, as people do; captions
    name all.

    Args:
        rng: equal states give equal traces.
        memoryless: draw each edit from the present scene alone.
    """
    while True:
        made = _attempt(rng, memoryless=memoryless)
        if made is not None:
            return made


def draw_traces(count: int, seed: int, *, memoryless: bool = False) -> Iterator[GoalTrace]:
    """`count` traces; each depends on seed and its number only."""
    for i in range(count):
        rng = np.random.default_rng((_STREAM, seed, i))
        yield draw_trace(rng, memoryless=memoryless)


def _attempt(rng: np.random.Generator, *, memoryless: bool) -> GoalTrace | None:
    """One try; None where a prompt cannot be reworded or too little is left to do."""
    scene = sample_scene(rng)
    taste = TASTES[int(rng.integers(len(TASTES)))]
    wanted = int(rng.integers(EDITS[0], EDITS[1] + 1))
    prompt = random_caption(scene, rng, complete=False, plain=0.7)
    steps = [TraceStep(prompt, caption=canonical(scene))]
    scenes, edits = [scene], list[Edit]()
    group = ""
    while len(edits) < wanted:
        edit = _markov(scene, rng) if memoryless else _towards(scene, taste, group, rng)
        if edit is None or is_unseen(edit.target):
            return None
        reworded = reword(read_caption(prompt), parsed(edit))
        if reworded is None:
            return None
        if rng.random() < REFUSING:
            other = _markov(scene, rng) if memoryless else _away(scene, taste, rng)
            if other is not None:
                steps.append(TraceStep(instruction=instruct(other, rng).text, accepted=False))
        prompt, scene = reworded, edit.target
        steps.append(TraceStep(prompt, instruct(edit, rng).text, canonical(scene)))
        scenes.append(scene)
        edits.append(edit)
        group = _group(edit.attribute)
    name = f"{'memoryless' if memoryless else 'goal'}-{int(rng.integers(2**40)):010x}"
    return GoalTrace(Trace(name, tuple(steps), SOURCE), tuple(scenes), tuple(edits))


def parsed(edit: Edit) -> ParsedEdit:
    """The edit as the starter language model reads it."""
    changes = {edit.attribute: edit.value}
    if edit.attribute == "second" and edit.value != "none":
        changes["second_colour"] = edit.target.second_colour
    return ParsedEdit(edit.kind, changes)


def _towards(scene: Scene, taste: Taste, group: str, rng: np.random.Generator) -> Edit | None:
    """An edit that brings an attribute to the taste's value, or tries another one first."""
    left = [name for name in _open(scene) if getattr(scene, name) != taste[name]]
    if not left:
        return None
    same = [name for name in left if _group(name) == group]
    others = [name for name in left if _group(name) != group]
    pool = same if same and (not others or rng.random() < SAME_GROUP) else others
    weights = np.array([_WEIGHTS.get(name, 1.0) for name in pool])
    name = pool[int(rng.choice(len(pool), p=weights / weights.sum()))]
    value = taste[name]
    if name not in _NOTHING and rng.random() < SECOND_THOUGHT:
        value = _other(rng, name, (value, getattr(scene, name)))
    return _edit(scene, name, value, taste["second_colour"])


def _away(scene: Scene, taste: Taste, rng: np.random.Generator) -> Edit | None:
    """An edit of the whole picture to a value that the taste does not want."""
    name = _WHOLE[int(rng.integers(len(_WHOLE)))]
    return _edit(scene, name, _other(rng, name, (taste[name], getattr(scene, name))), "")


def _markov(scene: Scene, rng: np.random.Generator) -> Edit | None:
    """An edit that depends on the present scene alone: mostly the next value of an attribute."""
    names = _open(scene)
    weights = np.array([_MARKOV_WEIGHTS.get(name, 1.0) for name in names])
    name = names[int(rng.choice(len(names), p=weights / weights.sum()))]
    values, now = _values(name), getattr(scene, name)
    value = values[(values.index(now) + 1) % len(values)]
    if rng.random() >= _SUCCESSOR:
        value = _other(rng, name, (now,))
    if name in _NOTHING and now != _NOTHING[name]:
        value = _NOTHING[name]  # what is there is taken away before anything else comes
    return _edit(scene, name, value, scene.second_colour)


def _open(scene: Scene) -> tuple[str, ...]:
    """What can be edited: the colour of a second thing only where there is one."""
    return tuple(n for n in _ATTRIBUTES if n != "second_colour" or scene.second != "none")


def _edit(scene: Scene, name: str, value: str, second_colour: str) -> Edit | None:
    """The storybook's edit of an attribute; a thing there is taken away before another comes."""
    now = getattr(scene, name)
    if name in _WHOLE:
        return Edit(name, name, scene, scene.with_(**{name: value}))
    if name in ("colour", "second_colour"):
        return Edit("recolour", name, scene, scene.with_(**{name: value}))
    if value.rsplit(maxsplit=1)[-1] == scene.subject:
        return None
    if now != _NOTHING[name]:
        if name == "second" and value != "none":
            return Edit("replace", name, scene, scene.with_(second=value))
        return Edit("remove", name, scene, scene.with_(**{name: _NOTHING[name]}))
    if value == _NOTHING[name]:
        return None
    changes = {name: value} | ({"second_colour": second_colour} if name == "second" else {})
    return Edit("add", name, scene, scene.with_(**changes))


def _values(name: str) -> tuple[str, ...]:
    """Values of an attribute without those kept for tests of the domain."""
    return STYLES if name == "style" else ATTRIBUTES[name]


def _other(rng: np.random.Generator, name: str, without: tuple[str, ...]) -> str:
    values = [value for value in _values(name) if value not in without]
    return values[int(rng.integers(len(values)))]


def _group(name: str) -> str:
    return "whole" if name in _WHOLE else "things"
