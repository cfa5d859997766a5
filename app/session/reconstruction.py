"""How well an inverted picture comes back, and how to have it come back better."""

from __future__ import annotations

from typing import Final, Literal

from app.session.method_settings import MethodSettings
from app.session.results import Results, Slot
from inference.request.captions import RECONSTRUCTION_PSNR, USED_INVERSION
from inference.request.registry import METHODS, values_of

VERY_CLOSE: Final = 30.0
CLOSE: Final = 24.0
"""In dB, of the source drawn again against the picture that the model saw."""

INVERSION: Final = "inversion"
TIGHTEST: Final = "direct"
"""The strategy that puts the source's own latents back at every step (Ju et al. 2023)."""

Closeness = Literal["very_close", "close", "loose"]


def closeness(psnr: float) -> Closeness:
    """What a reconstruction of so many dB means to the eye."""
    return "very_close" if psnr >= VERY_CLOSE else "close" if psnr >= CLOSE else "loose"


def inverted(results: Results | None, looked_at: str | None) -> Slot | None:
    """The result looked at, else the first, of those whose source was inverted and drawn again."""
    if results is None:
        return None
    found = [slot for slot in results.ordered if reconstruction_psnr(slot) is not None]
    return next((slot for slot in found if slot.key == looked_at), found[0] if found else None)


def reconstruction_psnr(slot: Slot) -> float | None:
    """In dB; None where the method does not invert its source."""
    info = METHODS.get(slot.request.method)
    if slot.candidate is None or info is None or not info.has(INVERSION):
        return None
    recorded = dict(slot.candidate.recorded)
    value = recorded.get(RECONSTRUCTION_PSNR)
    return float(value) if isinstance(value, int | float) else None


def strategy_of(slot: Slot) -> str:
    """How the source of a result was inverted, also where the method chose the way."""
    recorded = dict(slot.candidate.recorded) if slot.candidate is not None else {}
    return str(recorded.get(USED_INVERSION) or values_of(slot.request).get(INVERSION, ""))


def can_hold_tighter(slot: Slot, settings: MethodSettings) -> bool:
    """Whether the next run could invert the source more closely than this one did."""
    chosen = settings.value(slot.request.method, INVERSION)
    return strategy_of(slot) != TIGHTEST and chosen != TIGHTEST


def hold_tighter(slot: Slot, settings: MethodSettings) -> None:
    """The next run of the method inverts as closely as it can."""
    settings.set(slot.request.method, INVERSION, TIGHTEST)
