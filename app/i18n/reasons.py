"""Reasons of the ranking in the artist's language.

The ranking gives codes; their English stands in `editor.ranking.reasons` and
`editor.ranking.measured_score`, which know no Qt. Here is the same wording for Qt's translation,
context "Reasons". A measured effect comes as English of a closed vocabulary, so its parts are found
again before they are translated.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from editor.ranking.rank import Clause, Ranked


def _t(text: str) -> str:
    return str(QT_TRANSLATE_NOOP("Reasons", text))


def tr(text: str) -> str:
    """Translate in the context of the reasons."""
    return QCoreApplication.translate("Reasons", text)


CLAUSES: Final[dict[str, str]] = {
    "follows_best": _t("follows the request best"),
    "follows": _t("follows the request"),
    "keeps_best": _t("keeps the picture best"),
    "keeps": _t("keeps the picture"),
    "keeps_rest_best": _t("keeps the rest best"),
    "unchanged": _t("nothing changed"),
    "outside": _t("outside changed by {0} of 255"),
    "too_much": _t("changed more than asked"),
    "weak": _t("keeps the picture, change is weak"),
    "other_change": _t("changes something else than asked"),
    "off_target": _t("does not show what was asked"),
    "off_caption": _t("the caption does not fit the picture"),
    "opposite": _t("goes the other way"),
    "hardly": _t("hardly changes what was asked"),
    "clips": _t("{0} % of the picture clips"),
    "changes_more": _t("the picture changes more"),
    "changes": _t("changes the picture by {0} %"),
    "by_effect_domain": _t("ranked by measured effect, CLIP does not know such pictures"),
    "by_effect_no_clip": _t("ranked by measured effect, there is no CLIP model"),
    "by_effect_clip_failed": _t("ranked by measured effect, the CLIP model cannot be used"),
    "by_effect_no_captions": _t("ranked by measured effect, there are no captions to compare"),
    "by_effect_same_captions": _t("ranked by measured effect, the captions say the same"),
    "gentler": _t("a gentler take"),
    "stronger": _t("a stronger take"),
    "between": _t("in between"),
    "strength": _t("in between ({0} of 100)"),
    "no_figures": _t("no figures for this one"),
}
"""Every clause of `editor.ranking.reasons.ENGLISH` but "said", which carries a measured effect."""

EFFECTS: Final[tuple[str, ...]] = (
    *(_t("brighter"), _t("darker"), _t("more contrast"), _t("less contrast")),
    *(_t("lighter shadows"), _t("deeper shadows"), _t("brighter highlights")),
    *(_t("calmer highlights"), _t("warmer"), _t("cooler"), _t("more magenta"), _t("more green")),
    *(_t("more colour"), _t("less colour"), _t("livelier dull colours")),
    *(_t("quieter dull colours"), _t("warmer shadows"), _t("cooler shadows")),
    *(_t("warmer highlights"), _t("cooler highlights"), _t("sharper"), _t("softer")),
    *(_t("more fine detail"), _t("less fine detail"), _t("more local contrast")),
    *(_t("less local contrast"), _t("more grain"), _t("less grain"), _t("lighter corners")),
    _t("darker corners"),
)
HUE_EFFECTS: Final = (
    _t("stronger {0}s"), _t("quieter {0}s"), _t("brighter {0}s"), _t("darker {0}s"),
)  # fmt: skip
"""A change of one hue, which is named in English here and in `HUE_NAMES` in other languages."""

HUE_NAMES: Final = (
    _t("red"), _t("orange"), _t("yellow"), _t("green"), _t("cyan"), _t("blue"), _t("purple"),
    _t("magenta"),
)  # fmt: skip
TITLES: Final = (
    _t("brightness"), _t("contrast"), _t("warmth"), _t("tint"), _t("colour"),
    _t("local contrast"), _t("grain"), _t("one part"),
)  # fmt: skip
WHOLE: Final = (
    _t("the rest stays"), _t("exactly the shape asked for"), _t("hardly changes what was asked"),
    _t("all colour gone"), _t("most colour gone"),
)  # fmt: skip
FRAMES: Final = (
    _t("but {0}, which was to stay"), _t("{0} too"), _t("a little {0}"), _t("clearly {0}"),
    _t("much {0}"), _t("{0} and {1}"),
)  # fmt: skip
"""Templates around one or two effects, outermost first."""

_STAYS: Final = _t("{0} stays as it was")
_CLIPS: Final = CLAUSES["clips"]


def reason_text(place: Ranked | None) -> str:
    """Why a result stands where it does, in the artist's language; "" without a place."""
    if place is None:
        return ""
    # Rankings of older documents have the words alone.
    clauses = place.clauses or tuple(Clause("said", (t,)) for t in place.reason.split("; ") if t)
    text = "; ".join(clause_text(clause) for clause in clauses)
    return text[:1].upper() + text[1:]


def clause_text(clause: Clause) -> str:
    """One clause, without capital or full stop."""
    if clause.code == "said":
        return measured_text(str(clause.values[0]))
    template = CLAUSES.get(clause.code)
    return tr(template).format(*clause.values) if template else clause.english()


def measured_text(said: str) -> str:
    """A measured effect as `measured_score` says it; unknown words stay as they are."""
    lowered = said[:1].lower() + said[1:]
    for whole in (*WHOLE, *CLAUSES.values()):
        if lowered == whole:
            return tr(whole)
    for template, inner in ((_STAYS, _title), (_CLIPS, str)):
        found = _pattern(template).fullmatch(lowered)
        if found is not None:
            return tr(template).format(inner(found[1]))
    return _effect(lowered) or said


def _effect(text: str) -> str:
    """An effect with what frames it, or "" for words that are none."""
    if text in EFFECTS:
        return tr(text)
    for template in HUE_EFFECTS:
        found = _pattern(template).fullmatch(text)
        if found is not None and found[1] in HUE_NAMES:
            return tr(template).format(tr(found[1]))
    for template in FRAMES:
        found = _pattern(template).fullmatch(text)
        inner = [_effect(part) for part in found.groups()] if found is not None else []
        if inner and all(inner):
            return tr(template).format(*inner)
    return ""


def _title(text: str) -> str:
    return tr(text) if text in TITLES else text


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\d\\\}", "(.+)", re.escape(template)))
