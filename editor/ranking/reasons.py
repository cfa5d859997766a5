from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from editor.messages import Message
from editor.model.score import CHANGE, DIRECTION, Gates, Score

ABSENT: dict[str, Message] = {
    "domain": Message("reason.by_effect_domain"),
    "no_clip": Message("reason.by_effect_no_clip"),
    "clip_failed": Message("reason.by_effect_clip_failed"),
    "no_captions": Message("reason.by_effect_no_captions"),
    "same_captions": Message("reason.by_effect_same_captions"),
}
"""Why a candidate is ranked by what was measured, by the code of `Score.absent`."""

REST_STAYS = Message("effect.rest_stays")
HARDLY = Message("effect.hardly")
"""Measured that little: the same as the gate `reason.hardly`."""


def sentence(clauses: Sequence[Message], text_of: Callable[[Message], str] = str) -> str:
    """The clauses as one line, in English or with the words of `text_of`."""
    text = "; ".join(text_of(clause) for clause in clauses)
    return text[:1].upper() + text[1:]


def code_and_values(clause: Message) -> tuple[str, list[Any]]:
    """A clause as JSON of the command line has it: measured effects as "said" with their words."""
    table, _, code = clause.code.partition(".")
    if table != "reason":
        return "said", [str(clause)]
    return code, [value for _, value in clause.values]


@dataclass(frozen=True)
class Judged:
    """A score with the bar it is held to.

    Attributes:
        score: its figures.
        basis: by what the list ranks it.
        short: the first gate it does not reach itself, or None.
        blame: the gate that its source does not reach, or None; no fault of the candidate.
        follows: how well it follows the words by CLIP, None where that is unknown.
    """

    score: Score
    basis: str
    short: Message | None = None
    blame: Message | None = None
    follows: float | None = None

    @property
    def passed(self) -> bool:
        """True if it passes every gate."""
        return self.short is None and self.blame is None


def judge(score: Score, basis: str, bar: Gates) -> Judged:
    """Hold a score to a bar; gates are inclusive (a value equal to its gate passes)."""
    blame = None
    if basis == DIRECTION and score.source is not None and score.source < bar.caption:
        blame = Message("reason.off_caption")
    return Judged(score, basis, _short_of(score, basis, bar), blame, score.following(bar))


def _short_of(score: Score, basis: str, bar: Gates) -> Message | None:
    missed = _short_of_request(score, basis, bar)
    if missed is None and score.damage is not None and score.damage > bar.damage:
        return Message("reason.damaged")
    return missed


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


def reasons(judged: Sequence[Judged]) -> list[tuple[Message, ...]]:
    """One reason each, best first, at most two short clauses: what it does best, then its cost."""
    rivals = [one for one in judged if one.basis == DIRECTION and one.short is None]
    found = []
    for place, one in enumerate(judged):
        if one.basis == DIRECTION:
            clauses = _clip_clauses(one, rivals)
        else:
            clauses = _effect_clauses(one, first=place == 0 and len(judged) > 1)
        found.append(tuple(clauses or [Message("reason.no_figures")]))
    return _distinguished(found, [one.score for one in judged])


def _effect_clauses(one: Judged, *, first: bool) -> list[Message]:
    score, short = one.score, one.short
    clauses = list(score.reasons[:2])
    if one.basis == CHANGE and short is None and score.changed is not None:
        clauses = [Message("reason.changes", percent=_percent(score.changed))]
    measured_too = short == Message("reason.hardly") and HARDLY in clauses
    if short is not None and not measured_too:
        clauses = [*clauses[:1], short] if one.basis != CHANGE else [short]
    elif first and len(clauses) > 1 and clauses[1] == REST_STAYS:
        clauses[1] = Message("reason.keeps_rest_best")
    if score.absent:
        clauses = [*clauses[:1], ABSENT[score.absent]]
    return clauses


def _percent(share: float) -> str:
    return f"{100 * share:.1f}" if share < 0.1 else f"{100 * share:.0f}"


def _clip_clauses(one: Judged, rivals: Sequence[Judged]) -> list[Message]:
    score = one.score
    if one.short is not None:
        return [one.short]
    follows = [rival.follows for rival in rivals if rival.follows is not None]
    images = [rival.score.image for rival in rivals if rival.score.image is not None]
    clauses = []
    if follows and one.follows == max(follows):
        clauses.append(Message("reason.follows_best"))
    if images and score.image == max(images):
        clauses.append(Message("reason.keeps_best"))
    elif score.image is not None and score.image >= 0.9:
        clauses.append(Message("reason.keeps"))
    if not clauses:
        clauses.append(Message("reason.follows"))
    if one.blame is not None:
        return [clauses[0], one.blame]
    if len(clauses) < 2 and score.image is not None and score.image < 0.8:
        clauses.append(Message("reason.changes_more"))
    return clauses


def _distinguished(
    found: Sequence[tuple[Message, ...]], scores: Sequence[Score]
) -> list[tuple[Message, ...]]:
    """Adds the strength in words where two reasons read alike although the figures differ."""
    distinct = list(found)
    for clauses in {t for t, count in Counter(found).items() if count > 1}:
        alike = [i for i, other in enumerate(found) if other == clauses]
        alike.sort(key=lambda i: _strength(scores[i]))
        if _strength(scores[alike[0]]) == _strength(scores[alike[-1]]):
            continue
        distinct[alike[0]] = (*clauses, Message("reason.gentler"))
        distinct[alike[-1]] = (*clauses, Message("reason.stronger"))
        middle = alike[1:-1]
        for i in middle:
            word = Message("reason.between")
            if len(middle) > 1:
                word = Message("reason.strength", share=round(100 * _strength(scores[i])))
            distinct[i] = (*clauses, word)
    return distinct


def _strength(score: Score) -> float:
    """How strong the wanted change is, to distinguish similar reasons."""
    return (score.direction if score.direction is not None else score.asked) or 0.0
