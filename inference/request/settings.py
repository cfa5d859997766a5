from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from editor.errors import ExpectedError


class BadSetting(ExpectedError):
    """A setting's name or value that the method does not have."""

    kind = "bad_setting"


@dataclass(frozen=True)
class SettingInfo:
    """One setting of a method: form, validation and `--set` come from it.

    Attributes:
        name: as in `EditRequest.settings`; diffusers' name where one exists.
        title: the artist's word.
        help: one line.
        kind: "number", "integer", "switch" or "numbers" (a fixed count of numbers).
        default: neutral or usual value.
        minimum, maximum: of each number, both included.
        parts: names of the entries of "numbers".
        unit: shown behind the value, e.g. "%".
        optional: None ("not used") is a value too.
    """

    name: str
    title: str
    help: str
    kind: str = "number"
    default: Any = 0.0
    minimum: float = -1.0
    maximum: float = 1.0
    parts: tuple[str, ...] = ()
    unit: str = ""
    optional: bool = False

    def parse(self, text: str) -> Any:
        """The value written as `--set name=text`; raises `BadSetting`."""
        word = text.strip().lower()
        if self.kind == "switch":
            if word in {"1", "true", "yes", "on"}:
                return True
            if word in {"0", "false", "no", "off"}:
                return False
            raise self._refuse(text)
        if self.optional and word in {"none", ""}:
            return None
        if self.kind == "numbers":
            return self.check(tuple(self._number(part) for part in word.split(",")))
        return self.check(self._number(word))

    def check(self, value: Any) -> Any:
        """The value in its own type if it is within range; raises `BadSetting`."""
        if value is None and self.optional:
            return None
        if self.kind == "switch":
            if not isinstance(value, bool):
                raise self._refuse(value)
            return value
        if self.kind == "numbers":
            if not isinstance(value, Sequence) or len(value) != len(self.parts):
                raise self._refuse(value)
            return tuple(self._within(part) for part in value)
        number = self._within(value)
        return int(number) if self.kind == "integer" else number

    def _within(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._refuse(value)
        if not math.isfinite(value) or not self.minimum <= value <= self.maximum:
            raise self._refuse(value)
        if self.kind == "integer" and value != int(value):
            raise self._refuse(value)
        return float(value)

    def _number(self, word: str) -> float:
        try:
            return float(word)
        except ValueError:
            raise self._refuse(word) from None

    def _refuse(self, value: Any) -> BadSetting:
        if self.kind == "switch":
            wanted = "on or off"
        else:
            wanted = f"from {self.minimum:g} to {self.maximum:g}"
            if self.kind == "numbers":
                wanted = f"{len(self.parts)} numbers ({', '.join(self.parts)}) {wanted}"
            elif self.kind == "integer":
                wanted = f"a whole number {wanted}"
        return BadSetting(f"The setting {self.name} cannot be {value!r}.", f"Give it {wanted}.")
