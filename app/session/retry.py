from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.i18n.texts import tr
from app.session.results import Results, ResultsStage
from editor.model.patch import SettingValues, settings_of
from inference.request.registry import METHODS, MethodInfo

FURTHER: Final = "further"
KEEP: Final = "keep"
METHOD: Final = "method"

_MORE: Final = 1.5
"""What "go further" multiplies `guidance_scale` by, and "keep more" divides it by."""
_HOLD: Final = 0.4
"""What "keep more" adds to `image_guidance_scale`."""
_STRONGER: Final = 0.15
"""What they add to or take from `strength`."""
_TOO_FAR: Final = frozenset({"reason.too_much", "reason.other_change", "reason.outside"})
"""Reasons of the ranking that ask for less rather than for more."""

RETRY: Final = "retry:"
"""Before a kind: the id of its chip and of its action."""


def name_of(kind: str) -> str:
    """The verb on chip and button."""
    return {
        FURTHER: tr("Change more"),
        KEEP: tr("Keep more"),
        METHOD: tr("Try another method"),
    }[kind]


@dataclass(frozen=True)
class Retry:
    """One thing worth trying where nothing reached the artist's bar.

    Attributes:
        kind: `FURTHER`, `KEEP` or `METHOD`.
        text: the words that are run again.
        methods: registry names to run.
        settings: fixed for every candidate; () leaves them as planned.
    """

    kind: str
    text: str
    methods: tuple[str, ...]
    settings: SettingValues = ()


def none_passed(results: Results | None) -> bool:
    """Whether results are complete, still to be chosen from, and all below the artist's bar."""
    if results is None or results.stage is not ResultsStage.RANKED or results.kept_node is not None:
        return False
    if results.explored or results.source is not None:  # each has words of its own, or no source
        return False
    places = results.ranking.places
    return bool(places) and not any(place.passed for place in places)


def retries(results: Results, able: tuple[str, ...]) -> tuple[Retry, ...]:
    """What to offer for results of which none passed, the likeliest first.

    Args:
        results: those shown, see `none_passed`.
        able: methods that could carry out these words, used or not.
    """
    best = results.ordered[0].request
    short = {clause.code for clause in results.ranking.places[0].clauses}
    info = METHODS.get(best.method)
    if info is None:  # of a document that a later version wrote
        return ()
    now, text = dict(best.settings), results.instruction.text
    found = []
    # Where the caption before does not fit the picture, no result can help it.
    if not info.parametric and "reason.off_caption" not in short:
        ways = [(FURTHER, _MORE, 0.0), (KEEP, 1 / _MORE, _HOLD)]
        for kind, more, held in reversed(ways) if short & _TOO_FAR else ways:
            settings = _moved(now, info, more, held)
            if any(value != now[name] for name, value in settings):
                found.append(Retry(kind, text, (best.method,), settings))
    used = {slot.request.method for slot in results.slots}
    others = tuple(name for name in able if name not in used)
    if others:
        found.append(Retry(METHOD, text, others[:1]))
    return tuple(found)


def _moved(now: dict[str, Any], info: MethodInfo, more: float, held: float) -> SettingValues:
    """Both guidances moved, inside what they take; without the second it stays as planned."""
    made = {}
    for setting in info.settings:
        value = now.get(setting.name)
        if not isinstance(value, int | float):
            continue
        if setting.name == "guidance_scale":
            moved = value * more
        elif setting.name == "image_guidance_scale" and held:
            moved = value + held
        elif setting.name == "strength":
            moved = value + (_STRONGER if more > 1 else -_STRONGER)
        else:
            continue
        made[setting.name] = float(min(max(moved, setting.minimum), setting.maximum))
    return settings_of(made)
