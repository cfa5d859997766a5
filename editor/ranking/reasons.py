"""Why each result stands where it does: what is wrong with it, else how it differs from the others.

A reason is one clause or none. It is never praise and blame in one, and nothing is made up where
the numbers do not differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from editor.messages import Message
from editor.model.score import CHANGE, DIRECTION, Gates, MeasuredPart, Score
from editor.ranking import effect_words
from editor.ranking.differences import (
    CHANGED,
    FOLLOWS,
    IMAGE,
    SHADES,
    UNASKED,
    Difference,
    differences,
)
from editor.ranking.misaligned import misaligned

ABSENT: Final = {
    "domain": Message("by_effect.domain"),
    "no_clip": Message("by_effect.no_clip"),
    "clip_failed": Message("by_effect.clip_failed"),
    "no_captions": Message("by_effect.no_captions"),
    "same_captions": Message("by_effect.same_captions"),
}
"""Why results are ranked by what was measured and not by CLIP, by `Score.absent`. It is the same
for all results of a run, so it is said once and is no reason of one of them."""

DONE: Final = 0.35
"""Share of a usual change from which a part of the words is done; one that should stay is not."""

STAYED: Final = 0.15
"""Share below which a part of the words is not done: the gate of a single one (`Gates.asked`)."""

SOFT: Final = 0.25
"""Damage from which it is named, before its gate: such a result is not praised."""


def sentence(clauses: Sequence[Message], text_of: Callable[[Message], str] = str) -> str:
    """A reason as one line, in English or with the words of `text_of`; "" for none."""
    text = "; ".join(text_of(clause) for clause in clauses)  # several only in older documents
    return text[:1].upper() + text[1:]


def why_not_by_clip(scores: Iterable[Score]) -> Message | None:
    """Why CLIP did not rank these results; None where it did, or was not wanted."""
    return next((ABSENT[one.absent] for one in scores if one.absent), None)


def code_and_values(clause: Message) -> tuple[str, list[Any]]:
    """A clause as JSON of the command line has it; words that have no code here as "said"."""
    table, _, code = clause.code.partition(".")
    if table != "reason":
        return "said", [str(clause)]
    return code, [str(v) if isinstance(v, Message) else v for _, v in clause.values]


@dataclass(frozen=True)
class Judged:
    """A score with the bar it is held to.

    Attributes:
        score: its figures.
        basis: by what the list ranks it.
        short: the first gate it does not reach itself, or None.
        blame: the gate that its source does not reach, or None; no fault of the candidate.
        follows: how well it follows the words by CLIP, None where that is unknown.
        missed: parts of the words that it does not do although it does others, worst first.
    """

    score: Score
    basis: str
    short: Message | None = None
    blame: Message | None = None
    follows: float | None = None
    missed: tuple[MeasuredPart, ...] = ()

    @property
    def passed(self) -> bool:
        """True if it passes every gate."""
        return self.short is None and self.blame is None


def judge(score: Score, basis: str, bar: Gates) -> Judged:
    """Hold a score to a bar; gates are inclusive (a value equal to its gate passes)."""
    blame = None
    if basis == DIRECTION and score.source is not None and score.source < bar.caption:
        blame = Message("reason.off_caption")
    short = _short_of(score, basis, bar)
    return Judged(score, basis, short, blame, score.following(bar), missed_parts(score))


def parts_of(score: Score) -> list[tuple[MeasuredPart, ...]]:
    """The quantities of each part of the words, in their order."""
    numbers = sorted({one.part for one in score.parts})
    return [tuple(one for one in score.parts if one.part == number) for number in numbers]


def share_of(part: Sequence[MeasuredPart]) -> float:
    """How much of one part of the words was reached: the mean over its quantities."""
    return sum(one.share for one in part) / len(part)


def missed_parts(score: Score) -> tuple[MeasuredPart, ...]:
    """Of words with several parts, the quantity that fails most in each part that is not done.

    A part that should stay fails if it moved, another if it hardly moved or went the other way.
    """
    parts = parts_of(score)
    if len(parts) < 2:
        return ()
    found = []
    for part in parts:
        if part[0].way == 0:
            if part[0].share >= DONE:
                found.append((1.0 - part[0].share, part[0]))
        elif share_of(part) < STAYED:
            worst = min(part, key=lambda one: one.share)
            found.append((share_of(part), worst))
    return tuple(one for _, one in sorted(found, key=lambda pair: pair[0]))


def _short_of(score: Score, basis: str, bar: Gates) -> Message | None:
    if score.damage is not None and score.damage > bar.damage:
        return Message("reason.damaged")
    return _short_of_request(score, basis, bar)


def _short_of_request(score: Score, basis: str, bar: Gates) -> Message | None:
    if score.outside is not None and score.outside > bar.outside:
        return Message("reason.outside", levels=max(1, round(score.outside * 255)))
    if score.changed == 0.0:
        return Message("reason.unchanged")
    if basis == DIRECTION:
        return _short_of_clip(score, bar)
    if basis == CHANGE:
        return None
    if score.asked is not None:
        if score.asked < 0:
            return Message("reason.opposite")
        if score.asked < bar.asked:
            return Message("reason.hardly")
    if score.clipped is not None and score.clipped > bar.clipped:
        return Message("reason.clips", percent=f"{100 * score.clipped:.0f}")
    return None


def _short_of_clip(score: Score, bar: Gates) -> Message | None:
    image, direction, target = score.image, score.direction, score.target
    if image is not None and image < bar.image:
        return Message("reason.too_much")
    if direction is not None and direction < bar.direction:
        # Far from the source but not towards the request: not a weak change.
        moved = image is not None and image < (1.0 + bar.image) / 2
        return Message("reason.other_change") if moved else Message("reason.weak")
    if image is not None and image > bar.most:
        return Message("reason.weak")
    if target is not None and target < bar.caption:
        return Message("reason.off_target")
    return None


def reasons(judged: Sequence[Judged], *, same_words: bool = True) -> list[tuple[Message, ...]]:
    """One reason each, a single clause; () where there is nothing wrong and nothing differs.

    What is wrong goes before what is good: where it lies, then damage, then the gate it does not
    reach, then the part of the words that is not done. Only a result without a fault is compared
    with the others.

    Args:
        judged: all results of a run.
        same_words: whether all were asked for the same, see `differences`.
    """
    found = differences(
        [one.score for one in judged], [one.follows for one in judged], same_words=same_words
    )
    made: list[tuple[Message, ...]] = []
    for place, (one, apart) in enumerate(zip(judged, found, strict=True)):
        clause = _fault(one) or _comparison(one.score, apart, len(judged))
        if clause is None and place == 0 and same_words and len(judged) > 1:
            clause = _before_the_next(judged[:2])
        made.append((clause,) if clause is not None else ())
    return made


def _fault(one: Judged) -> Message | None:
    aside = misaligned(one.score)
    if aside is not None:  # other figures compare what does not lie over each other
        return aside
    if one.short is not None or one.blame is not None:
        return one.short or one.blame
    if one.score.damage is not None and one.score.damage > SOFT:
        return Message("reason.damaged")
    return _part_not_done(one)


def _part_not_done(one: Judged) -> Message | None:
    """For "warmer, but the shadows stayed"; None where every part is done, or none clearly is."""
    done = [
        max(part, key=lambda quantity: quantity.share)
        for part in parts_of(one.score)
        if part[0].way and share_of(part) >= DONE
    ]
    if not one.missed or not done:
        return None
    best, worst = max(done, key=lambda quantity: quantity.share), one.missed[0]
    words = {
        "done": effect_words.change(best.quantity, up=best.way > 0),
        "part": effect_words.part(worst.quantity),
    }
    if worst.way == 0:
        return Message("reason.part_moved", **words)
    if worst.share <= -STAYED:
        return Message("reason.part_opposite", **words)
    return Message("reason.part_stayed", **words)


_GOOD: Final = {
    (FOLLOWS, True): Message("reason.follows_best"),
    (IMAGE, True): Message("reason.keeps_best"),
    (UNASKED, False): Message("reason.keeps_rest_best"),
}
_NEUTRAL: Final = {
    (IMAGE, False): Message("reason.changes_most"),
    (CHANGED, True): Message("reason.changes_most"),
    (CHANGED, False): Message("reason.changes_least"),
}


def _comparison(score: Score, apart: Sequence[Difference], count: int) -> Message | None:
    """What sets a result apart: the words' own quantities first, then other good, then the rest."""
    ways = {one.quantity: one.way for one in score.parts if one.way}
    asked = [one for one in apart if one.figure in ways]
    most = [one for one in asked if one.highest == (ways[one.figure] > 0)]
    if most:
        in_order_of_words = sorted(most[:2], key=lambda one: list(ways).index(one.figure))
        return _extremes(in_order_of_words, count)
    if not ways:
        shades = [one for one in apart if one.figure in SHADES]
        if shades:
            return _extremes(shades[:1], count)
    for table in (_GOOD, _NEUTRAL):
        for one in apart:
            if (one.figure, one.highest) in table:
                return table[one.figure, one.highest]
        if asked:
            return _mildest(count) if len(ways) == 1 else _extremes(asked[:1], count)
    return None


_BETTER: Final = {
    (FOLLOWS, True): Message("reason.follows_better", rank=2),
    (IMAGE, True): Message("reason.keeps_more", rank=2),
    (UNASKED, False): Message("reason.keeps_rest_better", rank=2),
}


def _before_the_next(pair: Sequence[Judged]) -> Message | None:
    """What the first result, which has no other reason, does better than the second."""
    first, second = pair
    apart, _ = differences(
        [first.score, second.score], [first.follows, second.follows], same_words=True
    )
    ways = {one.quantity: one.way for one in first.score.parts if one.way}
    for one in apart:
        if one.figure in ways and one.highest == (ways[one.figure] > 0):
            what = effect_words.change(one.figure, up=one.highest)
            return Message("reason.than_result", what=what, rank=2)
        if not ways and one.figure in SHADES:
            what = effect_words.change(SHADES[one.figure], up=one.highest)
            return Message("reason.than_result", what=what, rank=2)
        if (one.figure, one.highest) in _BETTER:
            return _BETTER[one.figure, one.highest]
    return None


def _extremes(of: Sequence[Difference], count: int) -> Message:
    named = [(SHADES.get(one.figure, one.figure), one.highest) for one in of]
    if count == 2:  # "warmest of the two" is no English
        what = effect_words.change(named[0][0], up=named[0][1])
        return Message("reason.than_other", what=what)
    words = [effect_words.extreme(quantity, highest=highest) for quantity, highest in named]
    if len(words) == 1:
        return Message("reason.of_all", what=words[0], count=_number(count))
    return Message("reason.of_all_both", first=words[0], second=words[1], count=_number(count))


def _mildest(count: int) -> Message:
    """Of words that ask for one thing: who asks for "warmer" does not want to read "coolest"."""
    if count == 2:
        return Message("reason.milder")
    return Message("reason.mildest", count=_number(count))


def _number(count: int) -> Message | int:
    return Message(f"number.{count}") if count <= _WRITTEN else count


_WRITTEN: Final = 12
"""Counts up to this are written as words."""
