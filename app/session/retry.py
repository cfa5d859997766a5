from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from app.session.changes import Changes, Message
from app.session.explore import Exploring
from app.session.messages import tr
from app.session.results import Results, Stage
from editor.errors import ExpectedError
from editor.model.patch import SettingValues, settings_of
from inference.request.registry import ADJUST, METHODS, MethodInfo

FURTHER: Final = "further"
KEEP: Final = "keep"
METHOD: Final = "method"

_MORE: Final = 1.5
"""What "go further" multiplies `guidance_scale` by, and "keep more" divides it by."""
_HOLD: Final = 0.4
"""What "keep more" adds to `image_guidance_scale`."""
_TOO_FAR: Final = frozenset({"too_much", "other_change", "outside"})
"""Reasons (`editor.ranking.reasons.ENGLISH`) that ask for less rather than for more."""
_MOVES: Final = Changes.HEAD | Changes.RESULTS | Changes.SELECTION | Changes.DOCUMENT

RETRY: Final = "retry:"
"""Before a kind: the id of its chip and of its action."""


def name_of(kind: str) -> str:
    """The verb on chip and button."""
    return {
        FURTHER: tr("Go further"),
        KEEP: tr("Keep more of the picture"),
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
    if results is None or results.stage is not Stage.RANKED or results.kept is not None:
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
    if not info.parametric and "off_caption" not in short:
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
        else:
            continue
        made[setting.name] = float(min(max(moved, setting.minimum), setting.maximum))
    return settings_of(made)


class Retrying(Exploring):
    """Where nothing reached the artist's bar: bolder, gentler, or by another method."""

    _able_of: tuple[str, tuple[str, ...]] = ("", ())
    _told: Message | None = None

    def _on_finished(self) -> None:
        super()._on_finished()
        offered = self.retries
        if not none_passed(self.results):
            return
        text = tr("None reached your bar.")
        if self._is_here:
            text = tr("None reached your bar. The best attempt is shown.")
        self.announced.emit(text, False)
        if self.message is None:  # else that there is no model for such pictures
            name = name_of(offered[0].kind) if offered else ""
            self.notice(text, name, RETRY + offered[0].kind if offered else "")
            self._told = self.message if self._is_here else None

    def _hush_retry(self, changes: Changes) -> None:
        """What was said and offered goes when it is no longer so: kept, walked on, another bar."""
        if self._told is None or not changes & _MOVES:
            return
        if self.message is self._told and not self._is_here:
            self._told = None
            self.say(None)

    @property
    def retries(self) -> tuple[Retry, ...]:
        """What is worth trying: only for what was just run, here and in this selection."""
        results = self.results
        if results is None or not self._is_here:
            return ()
        return retries(results, self._able(results))

    @property
    def _is_here(self) -> bool:
        """Whether results of which none passed are those that were run here last."""
        results = self.results
        if results is None or results.job != self._plan_job or not none_passed(results):
            return False
        if self.node is None or results.parent != self.node.id:
            return False
        now, then = (s.digest if s is not None else "" for s in (self.selection, results.selection))
        return now == then

    def retry(self, kind: str, *, count: int = 4) -> None:
        """Run the same words again in one of those ways."""
        found = next((one for one in self.retries if one.kind == kind), None)
        results = self.results
        if found is None or results is None:
            return
        told, able = results.instruction, self._able(results)
        self.run(
            told.text,
            methods=found.methods,
            count=count,
            seed=self._seed + count,
            instruction=told if told.target_prompt else None,
            settings=found.settings,
        )
        self._plan = replace(self._plan, able=able)  # a chosen method does not narrow them

    def _able(self, results: Results) -> tuple[str, ...]:
        """Methods for these words: those `prepare` named, and tone and colour if it reads them."""
        if self._able_of[0] != results.job:
            from editor.tone import read

            able = self._plan.able
            if ADJUST.name not in able:
                try:
                    inside = results.selection is not None
                    read(results.instruction.text, has_selection=inside, count=1)
                    able = (*able, ADJUST.name)
                except ExpectedError:
                    pass
            self._able_of = results.job, able
        return self._able_of[1]
