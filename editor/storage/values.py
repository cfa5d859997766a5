"""Small values as JSON text, exact in both directions; reading trusts nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from editor.messages import Message, verbatim
from editor.model.edit import Candidate, EditRequest, Suggestion
from editor.model.image import Metadata
from editor.model.patch import Placement, SettingValues, frozen
from editor.model.ranking import Ranked, Ranking
from editor.model.rect import Rect
from editor.model.score import ABSENCES, Gates, MeasuredPart, Score
from editor.ranking.effect_words import QUANTITIES

TEXT_CAP = 4 << 20
"""No JSON text in a document is longer than this many characters."""

SUGGESTION_CAP = 4096
"""Longest text of a stored suggestion; comparing two captions takes time with their product."""

DAMAGE = (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError)
"""What reading a value from a damaged or hostile file may raise."""


def dump(value: Any) -> str:
    """Compact JSON; pure ASCII, so that any text can be stored."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def parse_json(text: Any) -> Any:
    """JSON from a file.

    Raises:
        ValueError: no text, too long, or no JSON.
    """
    if not isinstance(text, str) or len(text) > TEXT_CAP:
        raise ValueError("no JSON text")
    return json.loads(text, parse_constant=_refuse)


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def clean(text: str) -> str:
    """Text that UTF-8 can hold: lone surrogates (from file names) become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def dump_settings(settings: SettingValues) -> str:
    """Settings in their own order, because digests are made over it."""
    return dump([[name, value] for name, value in settings])


def parse_settings(text: Any) -> SettingValues:
    """The settings written by `dump_settings`."""
    return tuple((str(name), frozen(value)) for name, value in parse_json(text))


def dump_placement(placement: Placement | None) -> str | None:
    """Crop, scale and padding."""
    if placement is None:
        return None
    return dump([list(placement.crop), placement.scale, list(placement.padding)])


def parse_placement(text: Any) -> Placement | None:
    """The placement written by `dump_placement`."""
    if text is None:
        return None
    crop, scale, padding = parse_json(text)
    x, y, width, height = crop
    left, top, right, bottom = padding
    return Placement(Rect(x, y, width, height), scale, (left, top, right, bottom))


def dump_request(request: EditRequest) -> str:
    """The request as `EditRequest.to_json` gives it."""
    return dump(request.to_json())


def parse_request(text: Any, key: str) -> EditRequest:
    """The request with this key.

    Raises:
        ValueError: the text gives another key.
    """
    request = EditRequest.from_json(parse_json(text))
    if request.key != key:
        raise ValueError("a request does not match its key")
    return request


def dump_score(score: Score) -> dict[str, Any]:
    """A score as plain values."""
    return {
        "key": score.key,
        **score.figures(),
        "extra": [[name, value] for name, value in score.extra],
        "reasons": [str(reason) for reason in score.reasons],
        "why": [reason.to_json() for reason in score.reasons],
        "basis": score.basis,
        "alike": list(score.alike),
        "parts": [[one.quantity, one.way, one.share, one.part] for one in score.parts],
        "absent": score.absent,
        "gates": None if score.gates is None else asdict(score.gates),
    }


def parse_score(values: dict[str, Any]) -> Score:
    """The score written by `dump_score`; fields that came later may be missing."""
    figures = {
        name: _figure(values[name])
        for name in ("direction", "image", "target", "outside", "asked", "unasked", "clipped")
    }
    absent = str(values.get("absent", ""))
    later = {name: _figure(values.get(name)) for name in _LATER}
    return Score(
        key=str(values["key"]),
        extra=tuple((str(name), frozen(value)) for name, value in values["extra"]),
        reasons=_messages(values.get("why"), [str(reason) for reason in values["reasons"]]),
        basis=str(values.get("basis", "")),
        alike=tuple(str(key) for key in values.get("alike", ())),
        parts=tuple(_part(one) for one in values.get("parts", ())),
        absent=absent if absent in ABSENCES else "",
        gates=_gates(values.get("gates")),
        **figures,
        **later,
    )


_LATER = (
    "source", "changed", "damage", "aesthetic", "preference", "outside_psnr", "outside_ssim",
)  # fmt: skip
"""Figures that documents of earlier versions do not have."""


def _part(values: Any) -> MeasuredPart:
    quantity, way, share, number = values
    if quantity not in QUANTITIES or way not in (-1, 0, 1) or not isinstance(number, int):
        raise ValueError("no part of a score")
    reached = _figure(share)
    if reached is None:
        raise ValueError("no part of a score")
    return MeasuredPart(quantity, way, reached, number)


def _gates(values: Any) -> Gates | None:
    if values is None:
        return None
    numbers = {}
    for name in ("image", "direction", "caption", "most", "asked", "clipped", "outside"):
        number = _figure(values[name])
        if number is None:
            raise ValueError("a gate is a number")
        numbers[name] = number
    later = {name: _figure(values.get(name)) for name in ("target_weight", "damage")}
    known = {name: number for name, number in later.items() if number is not None}
    return Gates(**numbers, origin=str(values["origin"]), **known)


def _figure(value: Any) -> float | None:
    if value is not None and not isinstance(value, int | float):
        raise ValueError("a score is a number")
    return value


def dump_ranking(ranking: Ranking) -> str:
    """Places in order, each with its score."""
    return dump(
        [
            {
                "key": place.key,
                "rank": place.rank,
                "passed": place.passed,
                "reason": place.reason,
                "why": [clause.to_json() for clause in place.clauses],
                "score": None if place.score is None else dump_score(place.score),
            }
            for place in ranking.places
        ]
    )


def parse_ranking(text: Any) -> Ranking:
    """The ranking written by `dump_ranking`."""
    return Ranking(
        tuple(
            Ranked(
                key=str(place["key"]),
                rank=int(place["rank"]),
                passed=bool(place["passed"]),
                reason=str(place["reason"]),
                score=None if place["score"] is None else parse_score(place["score"]),
                clauses=_clauses(place),
            )
            for place in parse_json(text)
        )
    )


def _clauses(place: dict[str, Any]) -> tuple[Message, ...]:
    """Why a candidate stands at its place; older documents have another form."""
    try:
        return tuple(Message.from_json(one) for one in place.get("why", ()))
    except ValueError:
        return ()  # codes of another version: `reason` says it in English


def _messages(data: Any, words: list[str]) -> tuple[Message, ...]:
    """Stored messages; the words beside them where there are none, or none known here."""
    try:
        found = tuple(Message.from_json(one) for one in data or ())
    except ValueError:
        found = ()
    if len(found) == len(words):
        return found
    return tuple(verbatim(one) for one in words)


def dump_meta_text(meta: Metadata) -> tuple[str, str]:
    """Resolution and text entries."""
    return dump(meta.dpi), dump([list(entry) for entry in meta.text])


def parse_meta(
    icc: bytes | None, exif: bytes | None, xmp: bytes | None, dpi: Any, text: Any
) -> Metadata:
    """Metadata from its columns."""
    resolution = parse_json(dpi)
    across_down = None if resolution is None else (resolution[0], resolution[1])
    entries = tuple((str(name), str(value)) for name, value in parse_json(text))
    for block in (icc, exif, xmp):
        if block is not None and not isinstance(block, bytes):
            raise ValueError("a metadata block is bytes")
    return Metadata(icc=icc, dpi=across_down, exif=exif, xmp=xmp, text=entries)


_ID = re.compile(r"[0-9a-zA-Z_.:-]{1,80}")


def plain_id(value: Any) -> str:
    """A node or job id without dangerous characters.

    Raises:
        ValueError: anything else.
    """
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("no id")
    return value


def known_candidate(candidate: Candidate) -> tuple[str, str, str]:
    """Key, request and records of a candidate as text."""
    request = candidate.request
    return request.key, dump_request(request), dump_settings(candidate.recorded)


def suggestion_values(suggestion: Suggestion) -> dict[str, Any]:
    """What a suggestion follows from; its typed difference is computed again.

    The reason is stored in English too: older programs read only that.

    Raises:
        ValueError: longer than what `parse_suggestion` reads.
    """
    instruction = suggestion.instruction
    texts = (
        instruction.text,
        instruction.source_prompt,
        instruction.target_prompt,
        str(suggestion.reason),
    )
    _check_length(texts)
    values = dict(zip(_SUGGESTED, texts, strict=True))
    return {**values, "why": suggestion.reason.to_json()}


def parse_suggestion(values: dict[str, Any]) -> Suggestion:
    """The suggestion of `suggestion_values`."""
    texts = [str(values[name]) for name in _SUGGESTED]
    _check_length(texts)
    *words, reason = texts
    return Suggestion.of(words[0], words[1], words[2], _message(values.get("why"), reason))


def _message(data: Any, words: str) -> Message:
    """A stored message; the words beside it where there is none, or none that is known here."""
    try:
        return Message.from_json(data)
    except ValueError:
        return verbatim(words)


def _check_length(texts: Iterable[str]) -> None:
    if any(len(text) > SUGGESTION_CAP for text in texts):
        raise ValueError("no suggestion is so long")


_SUGGESTED = ("text", "source_prompt", "target_prompt", "reason")
