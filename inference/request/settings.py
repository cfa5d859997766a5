from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from editor.errors import ExpectedError
from editor.messages import Message
from editor.model.patch import SettingValues

LORA: Final = "lora"
"""The setting, and the role of a `ModelRef`, of LoRA files."""

REFERENCES: Final = "references"
"""The setting, and the role of a `ModelRef`, of pictures shown to a model beside the source."""

FILE_ROLES: Final = (LORA, REFERENCES)
"""Roles of what a request names by a setting: files, no models of the store."""

SWEEP_SEEDS: Final = "sweep_seeds"
"""How many seeds are tried in quick previews before candidates are drawn; 0 tries none."""

KEEP: Final = "keep"
"""Which of those previews are drawn: 0 those that change most, 1 those that keep most."""

Loras = tuple[tuple[str, float], ...]
"""LoRA files to lay over a model: the path of each, and how much of it."""

BETWEEN_TEXTS: Final = "|"
"""Between the entries of "texts", as written for `--set`."""

LONGEST_TEXT = 2000
"""Characters of a setting that is a text."""


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
        kind: "number", "integer", "switch", "text", "choice" (one of `choices`), "numbers" (a
            fixed count of numbers), "weights" (words, each with a number), "texts", "pictures"
            (paths of at most `maximum` files) or "loras" (see `Loras`).
        default: neutral or usual value.
        minimum, maximum: of each number, both included.
        parts: names of the entries of "numbers".
        choices: names of the values of "choice".
        unit: shown behind the value, e.g. "%".
        optional: None ("not used") is a value too.
        planning: says which candidates are made; no request has it.
    """

    name: str
    title: Message
    help: Message
    kind: str = "number"
    default: Any = 0.0
    minimum: float = -1.0
    maximum: float = 1.0
    parts: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    unit: str = ""
    optional: bool = False
    planning: bool = False

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
        if self.kind == "loras":
            return self.check((self._lora(text.strip()),))
        if self.kind == "weights":
            return self.check(tuple(self._weight(part) for part in text.split(",")))
        if self.kind == "texts":
            return self.check(tuple(text.split(BETWEEN_TEXTS)))
        if self.kind == "pictures":
            files = (Path(one.strip()).expanduser() for one in text.split(BETWEEN_TEXTS))
            return self.check(tuple(str(file.absolute()) for file in files))
        if self.kind == "choice":
            return self.check(word)
        if self.kind == "text":
            return self.check(text)
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
        if self.kind in {"loras", "weights"}:
            return self._checked_pairs(value)
        if self.kind in {"texts", "pictures"}:
            if not isinstance(value, Sequence) or isinstance(value, str):
                raise self._refuse(value)
            if self.kind == "pictures" and not 0 < len(value) <= self.maximum:
                raise self._refuse(value)
            return tuple(self._checked_text(one) for one in value)
        if self.kind == "choice":
            if value not in self.choices:
                raise self._refuse(value)
            return value
        if self.kind == "text":
            return self._checked_text(value)
        if self.kind == "numbers":
            if not isinstance(value, Sequence) or len(value) != len(self.parts):
                raise self._refuse(value)
            return tuple(self._within(part) for part in value)
        number = self._within(value)
        return int(number) if self.kind == "integer" else number

    def _lora(self, text: str) -> tuple[str, float]:
        """FILE or FILE:WEIGHT; a file's own colons stay, and its path becomes absolute."""
        file, colon, weight = text.rpartition(":")
        number = 1.0
        try:
            number = float(weight) if colon else number
        except ValueError:
            colon = ""
        path = Path(file if colon else text).expanduser()
        return str(path.absolute()), number

    def _weight(self, text: str) -> tuple[str, float]:
        """WORD:NUMBER."""
        name, _, number = text.strip().rpartition(":")
        if not name.strip():
            raise self._refuse(text)
        return name.strip(), self._number(number)

    def _checked_pairs(self, value: Any) -> tuple[tuple[str, float], ...]:
        if not isinstance(value, Sequence) or isinstance(value, str):
            raise self._refuse(value)
        checked = []
        for one in value:
            if not isinstance(one, Sequence) or len(one) != 2 or not isinstance(one[0], str):
                raise self._refuse(value)
            checked.append((one[0], self._within(one[1])))
        return tuple(checked)

    def _checked_text(self, value: Any) -> str:
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise self._refuse(value)
        return " ".join(value.split())

    def _within(self, value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self._refuse(value)
        # In this order: whole numbers of JSON may be larger than any float.
        if not self.minimum <= value <= self.maximum or not math.isfinite(value):
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
        limits = {"low": f"{self.minimum:g}", "high": f"{self.maximum:g}"}
        if self.kind == "switch":
            fix = Message("setting.give_switch")
        elif self.kind == "numbers":
            fix = Message(
                "setting.give_numbers",
                count=len(self.parts), names=", ".join(self.parts), **limits,
            )  # fmt: skip
        elif self.kind == "loras":
            fix = Message("setting.give_lora", **limits)
        elif self.kind == "weights":
            fix = Message("setting.give_weights", **limits)
        elif self.kind == "choice":
            fix = Message("setting.give_choice", choices=", ".join(self.choices))
        elif self.kind == "pictures":
            fix = Message("setting.give_pictures", between=BETWEEN_TEXTS, most=int(self.maximum))
        elif self.kind == "texts":
            fix = Message("setting.give_texts", between=BETWEEN_TEXTS, most=LONGEST_TEXT)
        elif self.kind == "text":
            fix = Message("setting.give_text", most=LONGEST_TEXT)
        elif self.kind == "integer":
            fix = Message("setting.give_integer", **limits)
        else:
            fix = Message("setting.give_number", **limits)
        return BadSetting(Message("setting.bad", name=self.name, value=repr(value)), fix)


def setting(name: str, help_: str = "help", **facts: Any) -> SettingInfo:
    """A setting with its texts of the catalogue: `setting.<name>.title` and `.help`."""
    title, line = Message(f"setting.{name}.title"), Message(f"setting.{name}.{help_}")
    return SettingInfo(name, title, line, **facts)


STEPS: Final = "num_inference_steps"
"""The setting that `steps` makes."""


def steps(default: int) -> SettingInfo:
    """How many denoising steps are run."""
    return setting(
        STEPS,
        kind="integer",
        default=default,
        minimum=1,
        maximum=200,
    )


def text_guidance(help_: str = "help", default: float = 7.5) -> SettingInfo:
    """The scale of guidance by text (Ho & Salimans 2022); 1 is without."""
    return setting("guidance_scale", help_, default=default, minimum=1.0, maximum=20.0)


AUTOMATIC_INVERSION: Final = "automatic"
"""The value of `inversion` by which the method chooses."""


def inversion(default: str) -> SettingInfo:
    """How a picture is taken back to noise; `diffusion.source_branch` says what each does.

    A method whose default is "automatic" has that choice too.
    """
    choices: tuple[str, ...] = ("direct", "regularised", "negative-prompt", "null-text", "ddim")
    if default == AUTOMATIC_INVERSION:
        choices = (AUTOMATIC_INVERSION, *choices)
    return setting("inversion", kind="choice", default=default, choices=choices)


def context(default: float) -> SettingInfo:
    """How much around a selection the model sees, as a share of the selection's longer side."""
    return setting("context", default=default, minimum=0.0, maximum=8.0)


def sweep_seeds() -> SettingInfo:
    """See `SWEEP_SEEDS`."""
    return setting(SWEEP_SEEDS, kind="integer", default=0, minimum=0, maximum=16, planning=True)


def keep() -> SettingInfo:
    """See `KEEP`."""
    return setting(KEEP, default=0.5, minimum=0.0, maximum=1.0, planning=True)


def loras() -> SettingInfo:
    """LoRA files laid over the method's model; none unless they are named."""
    return setting(LORA, kind="loras", default=None, minimum=-4.0, maximum=4.0, optional=True)


def negative_prompt() -> SettingInfo:
    """What guidance leads away from, in place of the empty text; not used unless it is given."""
    return setting("negative_prompt", kind="text", default=None, optional=True)


def references(most: int) -> SettingInfo:
    """Pictures beside the source that the words may speak of; none unless they are named."""
    return setting(REFERENCES, kind="pictures", default=None, maximum=most, optional=True)


def reference_count(settings: SettingValues) -> int:
    """How many pictures some settings show a model beside the one that it edits."""
    return len(dict(settings).get(REFERENCES) or ())
