"""What does not stay from run to run is masked; the rest is compared, numbers with a tolerance."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.characterisation.pictures import alike

STRICT, LOOSE = 2e-6, 0.02
"""How far numbers may be off (of 1, and of themselves): measured ones, and those of models."""

_KEYS = {"seconds", "took", "version", "device"}
_SECONDS = re.compile(r"(?<![\w.])\d+\.\d+ s\b")
_VERSION = re.compile(r"(?i)(pentimento) \d+\.\d+\.\d+[^\s,]*(?:, [^,\n]+(?=, o))?")
_CHOICES = re.compile(r"\(choose from ([^)]*)\)")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
_NUMBER = re.compile(r"-?\d+\.\d+")
_TRACE = re.compile(r'File "[^"]*", line \d+')


def masked_text(text: str, places: Mapping[str, str]) -> str:
    """Text without machine paths, times and versions."""
    for path in sorted(places, key=len, reverse=True):
        text = text.replace(path, places[path])
    text = _SECONDS.sub("<seconds> s", text)
    text = _MOMENT.sub("<moment>", text)
    text = _VERSION.sub(r"\1 <version>", text)
    text = _TRACE.sub('File "<file>", line <line>', text)
    return _CHOICES.sub(lambda m: "(choose from " + m[1].replace("'", "") + ")", text)


def masked(value: Any, places: Mapping[str, str], *, digits: int = 6) -> Any:
    """JSON values without machine paths, times and versions; numbers rounded."""
    if isinstance(value, dict):
        return {
            masked_text(key, places): "<masked>"
            if key in _KEYS
            else masked(entry, places, digits=digits)
            for key, entry in value.items()
        }
    if isinstance(value, list):
        return [masked(entry, places, digits=digits) for entry in value]
    if isinstance(value, str):
        return masked_text(value, places)
    if isinstance(value, float):
        return round(value, digits)
    return value


def differences(expected: Any, found: Any, tolerance: float, where: str = "") -> Iterator[str]:
    """One line for each place where two JSON values are not the same."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key in sorted({*expected, *found}):
            place = f"{where}/{key}"
            if key not in found:
                yield f"{place}: is gone; was {_short(expected[key])}"
            elif key not in expected:
                yield f"{place}: is new: {_short(found[key])}"
            elif key == "small":
                if not alike(expected[key], found[key]):
                    yield f"{place}: another picture"
            else:
                yield from differences(expected[key], found[key], tolerance, place)
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{where}: {len(expected)} entries became {len(found)}: {_short(found)}"
        for number, (one, other) in enumerate(zip(expected, found, strict=False)):
            yield from differences(one, other, tolerance, f"{where}/{number}")
    elif not _same(expected, found, tolerance):
        yield f"{where}: was {_short(expected)}\n    is {_short(found)}"


def _same(expected: Any, found: Any, tolerance: float) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    if isinstance(expected, int | float) and isinstance(found, int | float):
        if isinstance(expected, int) and isinstance(found, int):
            return expected == found
        return math.isclose(expected, found, rel_tol=tolerance, abs_tol=tolerance)
    if tolerance > STRICT and isinstance(expected, str) and isinstance(found, str):
        return _same_words(expected, found, tolerance)
    return bool(expected == found)


def _same_words(expected: str, found: str, tolerance: float) -> bool:
    """The same text, numbers with decimals within the tolerance."""
    if _NUMBER.sub("#", expected) != _NUMBER.sub("#", found):
        return False
    pairs = zip(_NUMBER.findall(expected), _NUMBER.findall(found), strict=True)
    return all(
        math.isclose(float(a), float(b), rel_tol=tolerance, abs_tol=tolerance) for a, b in pairs
    )


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 600 else f"{text[:600]}…"


def read(file: Path) -> Any:
    """An expectation."""
    return json.loads(file.read_text("utf-8"))


def write(file: Path, value: Any) -> None:
    """Keep an expectation; short lists stay on one line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_laid_out(value) + "\n", "utf-8")


def _laid_out(value: Any, indent: str = "") -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + len(indent) <= 100 or not isinstance(value, dict | list) or not value:
        return flat
    inner = indent + " "
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {_laid_out(entry, inner)}"
            for key, entry in value.items()
        ]
    else:
        parts = [_laid_out(entry, inner) for entry in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{closing}"
