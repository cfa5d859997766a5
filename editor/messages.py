"""What the program says to people, as a code and values; words are made where they are shown.

`editor` and `inference` never write sentences. They make a `Message`, which can be compared,
pickled and stored, and a `Catalogue` turns it into words: the English one for the command line and
for documents, the catalogue of the artist's language in the window (`app.i18n.messages`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any, Final

Value = "str | int | float | Message | tuple[Value, ...]"
"""A figure, a name, a part that is a message itself, or a list of these."""

VERBATIM: Final = "verbatim"
"""Code of words that are shown as they are: names, a library's own words, older documents."""

_DEEPEST: Final = 8


@dataclass(frozen=True, init=False)
class Message:
    """One sentence, or part of one, without its words.

    Attributes:
        code: a key of the catalogue, such as "model.missing".
        values: what the placeholders of its text stand for, sorted by name.
    """

    code: str
    values: tuple[tuple[str, Any], ...]

    def __init__(self, code: str, /, **values: Any) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "values", tuple(sorted(values.items())))

    def __str__(self) -> str:
        """The English text, for the command line and logs."""
        return english().text(self)

    def to_json(self) -> dict[str, Any]:
        """As plain values: ``{"code": ..., "values": {...}}``."""
        return {"code": self.code, "values": {name: _plain(v) for name, v in self.values}}

    @classmethod
    def from_json(cls, data: Any, depth: int = 0) -> Message:
        """The message written by `to_json`.

        Raises:
            ValueError: the data is of another form, or the catalogue lacks the code or a value.
        """
        if not isinstance(data, dict) or depth > _DEEPEST:
            raise ValueError("not a message")
        code, values = data.get("code"), data.get("values")
        if not isinstance(code, str) or not isinstance(values, dict):
            raise ValueError("not a message")
        message = cls(code, **{str(name): _value(v, depth) for name, v in values.items()})
        if not english().knows(message):
            raise ValueError(f"no such message: {code[:80]}")
        try:
            english().text(message)
        except TypeError as error:  # a value is of another kind than the text shows
            raise ValueError(f"no values of {code[:80]}") from error
        return message


def verbatim(text: str) -> Message:
    """Words that are the same in every language: a name, or text that came from elsewhere."""
    return Message(VERBATIM, text=text)


class Catalogue(Mapping[str, str]):
    """Texts by code, in one language; `{name}` and `{name:,}` stand for the values."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = {**texts, VERBATIM: "{text}"}  # which no language changes

    def __getitem__(self, code: str) -> str:
        return self._texts[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    @classmethod
    def read(cls, file: Path) -> Catalogue:
        """A file of the form of ``resources/messages/en.toml``: tables of texts.

        Raises:
            OSError, ValueError: the file cannot be read, or is of another form.
        """
        return cls(_flat(tomllib.loads(file.read_text("utf-8"))))

    def text(self, message: Message) -> str:
        """The words of a message; parts that are messages are put into words first.

        A text that this language lacks is taken from the English catalogue.

        Raises:
            KeyError: not even the English catalogue has the code, or a value is missing.
        """
        template = self._texts.get(message.code)
        if template is None:
            template = english()[message.code]
        return template.format(**{name: self._worded(value) for name, value in message.values})

    def knows(self, message: Message) -> bool:
        """True if there is a text for the code, and a value for each of its placeholders."""
        template = self._texts.get(message.code)
        return template is not None and placeholders(template) == {n for n, _ in message.values}

    def _worded(self, value: Any) -> Any:
        if isinstance(value, Message):
            return _Words(self.text(value))
        if isinstance(value, tuple):
            return _Words(", ".join(str(self._worded(one)) for one in value))
        return value


class _Words(str):
    """Words of a part, which a text can begin with: "{parts:capital}"."""

    def __format__(self, spec: str) -> str:
        if spec == "capital":
            return self[:1].upper() + self[1:]
        return super().__format__(spec)


@cache
def english() -> Catalogue:
    """The catalogue that the program comes with; every code has a text in it."""
    return Catalogue.read(folder() / "en.toml")


def folder() -> Path:
    """Where the catalogues lie, one file a language."""
    return Path(str(resources.files("resources"))) / "messages"


def placeholders(template: str) -> set[str]:
    """Names of the values that a text shows."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{name}.")
        elif isinstance(value, str):
            found[before + name] = value
        else:
            raise ValueError(f"{before}{name} is not a text")
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, Message):
        return value.to_json()
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _value(data: Any, depth: int) -> Any:
    if isinstance(data, str | int | float):
        return data
    if isinstance(data, list) and depth <= _DEEPEST:
        return tuple(_value(one, depth + 1) for one in data)
    return Message.from_json(data, depth + 1)
