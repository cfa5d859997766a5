from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from editor.ranking.score import CHANGE, DIRECTION, Gates, Score

ENGLISH: dict[str, str] = {
    # What a candidate does well.
    "follows_best": "follows the request best",
    "follows": "follows the request",
    "keeps_best": "keeps the picture best",
    "keeps": "keeps the picture",
    "keeps_rest_best": "keeps the rest best",
    # Where it falls short.
    "unchanged": "nothing changed",
    "outside": "outside changed by {0} of 255",
    "too_much": "changed more than asked",
    "weak": "keeps the picture, change is weak",
    "other_change": "changes something else than asked",
    "off_target": "does not show what was asked",
    "off_caption": "the caption does not fit the picture",
    "opposite": "goes the other way",
    "hardly": "hardly changes what was asked",
    "clips": "{0} % of the picture clips",
    "changes_more": "the picture changes more",
    # By what it was ranked where CLIP has no say.
    "changes": "changes the picture by {0} %",
    "by_effect_domain": "ranked by measured effect, CLIP does not know such pictures",
    "by_effect_no_clip": "ranked by measured effect, there is no CLIP model",
    "by_effect_clip_failed": "ranked by measured effect, the CLIP model cannot be used",
    "by_effect_no_captions": "ranked by measured effect, there are no captions to compare",
    "by_effect_same_captions": "ranked by measured effect, the captions say the same",
    # Words of a measured score, and what distinguishes similar reasons.
    "said": "{0}",
    "gentler": "a gentler take",
    "stronger": "a stronger take",
    "between": "in between",
    "strength": "in between ({0} of 100)",
    "no_figures": "no figures for this one",
}
"""Every clause of a reason: its code, and its English with places for the values."""


@dataclass(frozen=True)
class Clause:
    """Part of a reason: a code of `ENGLISH` and its values, so that any language can say it."""

    code: str
    values: tuple[float | str, ...] = ()

    def english(self) -> str:
        """In English, without capital or full stop."""
        return ENGLISH[self.code].format(*self.values)


def sentence(clauses: Sequence[Clause]) -> str:
    """The clauses in English, as one line."""
    text = "; ".join(clause.english() for clause in clauses)
    return text[:1].upper() + text[1:]


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
    short: Clause | None = None
    blame: Clause | None = None
    follows: float | None = None

    @property
    def passed(self) -> bool:
        """True if it passes every gate."""
        return self.short is None and self.blame is None


def judge(score: Score, basis: str, bar: Gates) -> Judged:
    """Hold a score to a bar; gates are inclusive (a value equal to its gate passes)."""
    blame = None
    if basis == DIRECTION and score.source is not None and score.source < bar.caption:
        blame = Clause("off_caption")
    return Judged(score, basis, _short_of(score, basis, bar), blame, score.following(bar))


def _short_of(score: Score, basis: str, bar: Gates) -> Clause | None:
    if score.outside is not None and score.outside > bar.outside:
        return Clause("outside", (max(1, round(score.outside * 255)),))
    if score.changed == 0.0:
        return Clause("unchanged")
    if basis == DIRECTION:
        return _short_of_clip(score, bar)
    if basis == CHANGE:
        return None
    if score.asked is not None:
        if score.asked < 0:
            return Clause("opposite")
        if score.asked < bar.asked:
            return Clause("hardly")
    if score.clipped is not None and score.clipped > bar.clipped:
        return Clause("clips", (f"{100 * score.clipped:.0f}",))
    return None


def _short_of_clip(score: Score, bar: Gates) -> Clause | None:
    image, direction, target = score.image, score.direction, score.target
    if image is not None and image < bar.image:
        return Clause("too_much")
    if direction is not None and direction < bar.direction:
        # Far from the source but not towards the request: not a weak change.
        moved = image is not None and image < (1.0 + bar.image) / 2
        return Clause("other_change" if moved else "weak")
    if image is not None and image > bar.most:
        return Clause("weak")
    if target is not None and target < bar.caption:
        return Clause("off_target")
    return None


def reasons(judged: Sequence[Judged]) -> list[tuple[Clause, ...]]:
    """One reason each, best first, at most two short clauses: what it does best, then its cost."""
    rivals = [one for one in judged if one.basis == DIRECTION and one.short is None]
    found = []
    for place, one in enumerate(judged):
        if one.basis == DIRECTION:
            clauses = _clip_clauses(one, rivals)
        else:
            clauses = _effect_clauses(one, first=place == 0 and len(judged) > 1)
        found.append(tuple(clauses or [Clause("no_figures")]))
    return _distinguished(found, [one.score for one in judged])


def _effect_clauses(one: Judged, *, first: bool) -> list[Clause]:
    score, short = one.score, one.short
    clauses = [Clause("said", (text,)) for text in score.reasons[:2]]
    if one.basis == CHANGE and short is None and score.changed is not None:
        clauses = [Clause("changes", (_percent(score.changed),))]
    if short is not None and short.english() not in score.reasons[:2]:
        clauses = [*clauses[:1], short] if one.basis != CHANGE else [short]
    elif first and len(clauses) > 1 and clauses[1].values == ("the rest stays",):
        clauses[1] = Clause("keeps_rest_best")
    if score.absent:
        clauses = [*clauses[:1], Clause(f"by_effect_{score.absent}")]
    return clauses


def _percent(share: float) -> str:
    return f"{100 * share:.1f}" if share < 0.1 else f"{100 * share:.0f}"


def _clip_clauses(one: Judged, rivals: Sequence[Judged]) -> list[Clause]:
    score = one.score
    if one.short is not None:
        return [one.short]
    follows = [rival.follows for rival in rivals if rival.follows is not None]
    images = [rival.score.image for rival in rivals if rival.score.image is not None]
    clauses = []
    if follows and one.follows == max(follows):
        clauses.append(Clause("follows_best"))
    if images and score.image == max(images):
        clauses.append(Clause("keeps_best"))
    elif score.image is not None and score.image >= 0.9:
        clauses.append(Clause("keeps"))
    if not clauses:
        clauses.append(Clause("follows"))
    if one.blame is not None:
        return [clauses[0], one.blame]
    if len(clauses) < 2 and score.image is not None and score.image < 0.8:
        clauses.append(Clause("changes_more"))
    return clauses


def _distinguished(
    found: Sequence[tuple[Clause, ...]], scores: Sequence[Score]
) -> list[tuple[Clause, ...]]:
    """Adds the strength in words where two reasons read alike although the figures differ."""
    distinct = list(found)
    for clauses in {t for t, count in Counter(found).items() if count > 1}:
        alike = [i for i, other in enumerate(found) if other == clauses]
        alike.sort(key=lambda i: _strength(scores[i]))
        if _strength(scores[alike[0]]) == _strength(scores[alike[-1]]):
            continue
        distinct[alike[0]] = (*clauses, Clause("gentler"))
        distinct[alike[-1]] = (*clauses, Clause("stronger"))
        middle = alike[1:-1]
        for i in middle:
            word = Clause("between")
            if len(middle) > 1:
                word = Clause("strength", (round(100 * _strength(scores[i])),))
            distinct[i] = (*clauses, word)
    return distinct


def _strength(score: Score) -> float:
    """How strong the wanted change is, to distinguish similar reasons."""
    return (score.direction if score.direction is not None else score.asked) or 0.0
