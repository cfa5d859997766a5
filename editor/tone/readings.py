from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from editor.errors import NotUnderstood
from editor.messages import Message
from editor.render.adjustments.parameters import Adjustments
from editor.tone.colours import shaded
from editor.tone.describe_settings import describe_settings
from editor.tone.effects import WantedChanges
from editor.tone.grammar import parse
from editor.tone.intent import Move, ToneIntent
from editor.tone.recipes import EffectRecipe, clamped, combine
from editor.tone.settle import settle

MOST = 8

ORDER: tuple[tuple[int, float], ...] = (
    (0, 1.0), (1, 1.0), (0, 0.6), (0, 1.6), (2, 1.0), (1, 0.6), (1, 1.6), (2, 1.5), (0, 0.35),
    (0, 2.2), (2, 0.6), (1, 2.1), (0, 0.8), (0, 1.25),
)  # fmt: skip
"""(which recipe, strength) of the readings: the plain one, another way, gently, strongly, ..."""


BALANCE: tuple[tuple[int, float], ...] = ((0, 1.0), (1, 1.0), (2, 1.0), (0, 0.6), (0, 1.6), *ORDER)
"""The same for what depends on the picture's own tones: other balances before other strengths."""

ENDS = {"shadows", "highlights", "shadow_warmth", "highlight_warmth"}

HOLDS = (1.0, 0.4, 1.8, 2.6)
"""How firmly the readings hold tones that are to stay, see `settle`."""

SHADES = ((1.0, 1.0), (0.85, 1.1), (-0.2, 0.95), (0.95, 0.65))
"""Shades of a recolour: as named, deeper, lighter, quieter; see `shaded`."""


@dataclass(frozen=True)
class Reading:
    """One way to do what the words ask.

    Attributes:
        adjustments: the settings.
        sentence: the settings in words.
        wanted_changes: (quantity, direction) that must move: +1 up, −1 down, 0 set to a figure.
        fixed_quantities: quantities that must not.
        parts: the quantities of each part of the words, such as "warmer" and "lift the shadows".
        corrections: typing mistakes that were read as other words.
    """

    adjustments: Adjustments
    sentence: Message
    wanted_changes: WantedChanges
    fixed_quantities: tuple[str, ...] = ()
    corrections: tuple[Message, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()


def read(text: str, *, has_selection: bool, count: int = 4) -> tuple[Reading, ...]:
    """Read words into settings, in several ways; the first is the plain reading.

    Args:
        text: what the artist says.
        has_selection: whether a part of the picture is selected.
        count: most readings, 1..8; there are fewer where the words leave no choice.

    Raises:
        NotUnderstood: some part of the words is unknown; nothing is read in part.
        SelectionNeeded: the words name a part of the picture and nothing is selected.
    """
    intent = parse(text, has_selection=has_selection)
    wanted = _wanted_changes(intent)
    parts = _parts(intent, wanted)
    found: list[Reading] = []
    for number, adjustments in enumerate(_recoloured(intent, _ways(intent, wanted))):
        if number == 0 and adjustments.is_neutral:
            break  # the plain reading cancels out: no other reading may take its place
        if adjustments.is_neutral or any(r.adjustments == adjustments for r in found):
            continue
        found.append(
            Reading(
                adjustments,
                describe_settings(adjustments),
                wanted,
                tuple(intent.fixed_quantities),
                intent.corrections,
                parts,
            )
        )
        if len(found) >= max(1, min(MOST, count)):
            break
    if not found:
        raise NotUnderstood(
            Message("tone.cancels_out", words=text.strip()), Message("do.say_one_of_two")
        )
    return tuple(found)


def _wanted_changes(intent: ToneIntent) -> WantedChanges:
    pairs = [pair for move in intent.moves for pair in move.wanted_changes]
    if intent.crops:
        pairs.append(("size_ratio", 0))
    if intent.turns:
        pairs.append(("angle", 0))
    # Words such as "moody but brighter" ask both ways at once: the later word holds.
    last = dict(pairs)
    explicit = {name for name, way in pairs if last[name] == way}
    found = tuple((name, way) for name, way in last.items() if name in explicit)
    return tuple(pair for pair in found if pair[0] not in intent.fixed_quantities)


def _parts(intent: ToneIntent, wanted: WantedChanges) -> tuple[tuple[str, ...], ...]:
    """Each wanted quantity in the first part of the words that names it."""
    left = {name for name, way in wanted if way}
    found = []
    for move in intent.moves:
        names = tuple(name for name, _ in move.wanted_changes if name in left)
        left -= set(names)
        if names:
            found.append(names)
    return tuple(found)


def _ways(intent: ToneIntent, wanted: WantedChanges) -> Iterator[Adjustments]:
    crops: list[tuple[float, float] | None] = [*intent.crops] or [None]
    turns = _orientations(intent)
    order = BALANCE if ENDS & {name for name, _ in wanted} else ORDER
    tones = {"highlights", "shadows", "contrast", "lightness"} & set(intent.fixed_quantities)
    for number, (recipe, factor) in enumerate(order if intent.moves else order[:1]):
        hold = HOLDS[number % len(HOLDS)] if tones else 1.0
        if tones and number < len(HOLDS):
            recipe, factor = 0, 1.0  # noqa: PLW2901 -- how firmly to hold is the choice here
        toned = settle(_toned(intent, recipe, factor), intent.fixed_quantities, wanted, hold)
        for crop in crops:
            for flip, quarters, degrees in turns:
                yield replace(
                    toned,
                    crop_ratio=crop,
                    quarter_turns=quarters,
                    flip_horizontal=flip,
                    straighten=degrees,
                    remove_spot=intent.heal,
                    invert_selection=intent.inverted,
                )
                if intent.moves and recipe + factor > 1:
                    break  # the other shapes belong to the plain reading only
            if intent.moves:
                break


def _orientations(intent: ToneIntent) -> list[tuple[bool, int, float]]:
    """Flips and turns to choose from: flip first, quarter turns, degrees within −45..45."""
    found = []
    flips: list[float | None] = [*intent.flips] or [None]
    for flip in flips:
        for turn in intent.turns or [0.0]:
            angle = (flip or 0.0) + turn
            quarters = round(angle / 90.0)
            found.append((flip is not None, quarters % 4, angle - 90.0 * quarters))
    return found


def _recoloured(intent: ToneIntent, ways: Iterator[Adjustments]) -> Iterator[Adjustments]:
    """The same with the recolour: the plain way in shades of the colour."""
    wish = intent.recolour
    if wish is None:
        yield from ways
        return
    plain = next(ways)
    for lightness, chroma in SHADES:
        yield replace(
            plain,
            recolour=shaded(wish.target, lightness, chroma) if lightness != 1 else wish.target,
            recolour_from=wish.source,
            recolour_metallic=wish.metallic,
        )


def _toned(intent: ToneIntent, which: int, factor: float) -> Adjustments:
    return combine([_recipe(move, which, factor) for move in intent.moves])


def _recipe(move: Move, which: int, factor: float) -> EffectRecipe:
    recipes = move.effect.recipes(move.sign)
    if not recipes:
        raise NotUnderstood(
            Message("tone.means_nothing", words=f"less {move.name}"),
            Message("do.say_instead"),
        )
    if move.number is not None:
        return _by_figure(move, recipes[min(which, len(recipes) - 1)], which)
    recipe = recipes[min(which, len(recipes) - 1)]
    scaled = recipe.scaled(factor * move.factor)
    # A picture is black and white or it is not: only the words ask for less, never a variant.
    plain = dict(recipe.scaled(move.factor).scalars)
    scalars = tuple((n, plain[n] if n == "black_and_white" else v) for n, v in scaled.scalars)
    return replace(scaled, scalars=scalars)


def _by_figure(move: Move, recipe: EffectRecipe, which: int) -> EffectRecipe:
    """A figure sets the main setting exactly; the other readings add something to it."""
    number = move.number
    assert number is not None
    assert number.value is not None
    control, value = move.effect.control, number.value
    if control == "exposure":
        amount = _stops(number.unit, value, move.sign)
        return (
            EffectRecipe(((control, amount),)) if which == 0 else _beside(recipe, control, amount)
        )
    share = _share(number.unit, value, number.signed)
    if share is None:
        raise NotUnderstood(
            Message("tone.not_fit_here", words=number.text), Message("do.say_percent")
        )
    if control == "blur" and move.sign > 0:
        share = value if number.unit == "percent" else value / 10.0
    if control:
        own = clamped(control, share * (move.sign if move.effect.more[0].scalars[0][1] > 0 else 1))
        if control in ("black_and_white", "sepia", "grain", "blur", "sharpen") and move.sign < 0:
            return recipe.scaled(share)
        return EffectRecipe(((control, own),)) if which == 0 else _beside(recipe, control, own)
    if recipe.hues:
        return recipe.scaled(share / abs(recipe.hues[0][2]))
    return recipe.scaled(share)


def _beside(recipe: EffectRecipe, control: str, amount: float) -> EffectRecipe:
    """Another way at the same figure: the companions of a recipe around the exact setting."""
    companions = tuple((n, v) for n, v in recipe.scalars if n != control)
    return EffectRecipe(((control, amount), *companions), recipe.hues, recipe.tones).scaled(1.0)


def _stops(unit: str, value: float, sign: int) -> float:
    if unit == "stops" or (unit == "" and value <= 5):
        return sign * value
    if unit == "times":
        return math.log2(max(value, 1.0 / value) if value else 1.0) * sign
    share = value / 100.0
    return math.log2(1.0 + share) if sign > 0 else math.log2(max(0.03, 1.0 - share))


def _share(unit: str, value: float, signed: int) -> float | None:
    if unit == "percent":
        return value / 100.0
    if unit == "times":
        return min(1.0, value - 1.0) if value >= 1 else 1.0 - value
    if unit == "stops":
        return 0.4 * value
    if unit == "degrees":
        return None
    if 1 < value < 2:
        return value - 1.0  # "saturation 1.1" is a factor, as other programs write it
    return value / 100.0 if value > 1 else value
