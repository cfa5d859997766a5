from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from app.exploring import Exploring
from app.results import Results, Stage
from editor.errors import ExpectedError
from editor.patch import Settings, settings_of
from inference.registry import ADJUST, METHODS

FURTHER: Final = "further"
KEEP: Final = "keep"
METHOD: Final = "method"

_MORE: Final = 1.5
"""What "go further" multiplies `guidance_scale` by, and "keep more" divides it by."""
_HOLD: Final = 0.4
"""What "keep more" adds to `image_guidance_scale`."""


@dataclass(frozen=True)
class Retry:
    """One thing worth trying where nothing reached the artist's bar.

    Attributes:
        kind: `FURTHER`, `KEEP` or `METHOD`.
        methods: registry names to run.
        settings: fixed for every candidate; () leaves them as planned.
    """

    kind: str
    methods: tuple[str, ...]
    settings: Settings = ()


def retries(results: Results | None, able: tuple[str, ...] = ()) -> tuple[Retry, ...]:
    """What to offer for finished results of which none passed; nothing in all other cases.

    Args:
        results: those shown.
        able: methods that could carry out these words, used or not.
    """
    if results is None or results.stage is not Stage.RANKED or results.kept is not None:
        return ()
    if results.explored or results.source is not None or not results.ranking.places:
        return ()
    if any(place.passed for place in results.ranking.places):
        return ()
    best = results.ordered[0].request
    info = METHODS[best.method]
    found = [Retry(FURTHER, (best.method,), _bolder(dict(best.settings), best.method))]
    if held := _gentler(dict(best.settings), best.method):
        found.append(Retry(KEEP, (best.method,), held))
    if info.parametric:  # its further readings are stronger ones
        found = [Retry(FURTHER, (best.method,))]
    used = {slot.request.method for slot in results.slots}
    others = tuple(name for name in able if name not in used)
    if others:
        found.append(Retry(METHOD, others[:1]))
    return tuple(found)


def _bolder(settings: dict[str, Any], method: str) -> Settings:
    return _scaled(settings, method, guidance_scale=_MORE)


def _gentler(settings: dict[str, Any], method: str) -> Settings:
    own = {one.name: one for one in METHODS[method].settings}
    if "image_guidance_scale" not in own or "image_guidance_scale" not in settings:
        return ()
    top = own["image_guidance_scale"].maximum
    held = min(float(settings["image_guidance_scale"]) + _HOLD, top)
    rest = dict(_scaled(settings, method, guidance_scale=1 / _MORE))
    return settings_of({**rest, "image_guidance_scale": held})


def _scaled(settings: dict[str, Any], method: str, **factors: float) -> Settings:
    """Settings multiplied, inside what each of them takes."""
    made = {}
    for one in METHODS[method].settings:
        if one.name in factors and one.name in settings:
            value = float(settings[one.name]) * factors[one.name]
            made[one.name] = min(max(value, one.minimum), one.maximum)
    return settings_of(made)


class Retrying(Exploring):
    """Where nothing reached the artist's bar: bolder, gentler, or by another method."""

    @property
    def retries(self) -> tuple[Retry, ...]:
        """What is worth trying on the results shown, the likeliest first."""
        results = self.results
        if results is None or not retries(results):
            return ()
        return retries(results, self._able(results))

    def retry(self, kind: str, *, count: int = 4) -> None:
        """Run the same words again in one of those ways."""
        found = next((one for one in self.retries if one.kind == kind), None)
        results = self.results
        if found is None or results is None:
            return
        told = results.instruction
        shown = {s.request.settings for s in results.slots if s.request.method == ADJUST.name}
        parametric = METHODS[found.methods[0]].parametric
        self.run(
            told.text,
            methods=found.methods,
            count=count,
            seed=self._seed + count,
            beyond=len(shown) if parametric and kind == FURTHER else 0,
            instruction=told if told.target_prompt else None,
            settings=found.settings,
        )

    def _able(self, results: Results) -> tuple[str, ...]:
        """Methods for these words: those `prepare` named, and tone and colour if it reads them."""
        from editor.words import read

        able = self._plan.able
        if ADJUST.name not in able:
            try:
                read(results.instruction.text, has_selection=results.selection is not None, count=1)
            except ExpectedError:
                return able
            able = (*able, ADJUST.name)
        return able
