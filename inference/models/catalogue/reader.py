"""Reads `resources/models.toml`: the models that can be installed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Final

from inference.models.catalogue.entry import (
    UNKNOWN,
    CatalogueEntry,
    Fact,
    HubSource,
    PackagedFile,
    PackageSource,
)
from inference.models.relative_path import stays_inside

CONVERSIONS: Final = ("", "gguf", "pickle")

_ID: Final = re.compile(r"[a-z0-9][a-z0-9.-]*")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_COMMIT: Final = re.compile(r"[0-9a-f]{40}")


class BadCatalogue(ValueError):
    """The catalogue's file is not of its form; the text says where."""


@cache
def catalogue() -> Mapping[str, CatalogueEntry]:
    """The catalogue that comes with the program, by id in the order of the file."""
    return read_catalogue(Path(str(resources.files("resources"))) / "models.toml")


def read_catalogue(file: Path) -> Mapping[str, CatalogueEntry]:
    """Read a catalogue.

    Each ``[[model]]`` has `id`, `title`, `family`, `roles`, `use`, the facts `licence` and
    `parameters`, and one of the tables `package` and `hub`. A fact is ``"unknown"`` or
    ``{value, source, date}``.

    Raises:
        BadCatalogue: a value is missing, of another kind, or without source and date.
        OSError: the file cannot be read.
    """
    try:
        tables = tomllib.loads(file.read_text("utf-8")).get("model", [])
    except ValueError as error:
        raise BadCatalogue(str(error)) from error
    found: dict[str, CatalogueEntry] = {}
    for table in tables:
        entry = _entry(table)
        if entry.id in found:
            raise BadCatalogue(f"{entry.id} stands there twice")
        found[entry.id] = entry
    return found


def _entry(table: Mapping[str, Any]) -> CatalogueEntry:
    name = _text(table, "id", "a model")
    if not _ID.fullmatch(name):
        raise BadCatalogue(f"{name}: an id has small letters, digits, - and .")
    sources = [kind for kind in ("package", "hub") if kind in table]
    if len(sources) != 1:
        raise BadCatalogue(f"{name}: needs one of package and hub")
    kind = sources[0]
    return CatalogueEntry(
        id=name,
        title=_text(table, "title", name),
        family=_text(table, "family", name),
        roles=_texts(table, "roles", name),
        use=_text(table, "use", name),
        licence=_text_fact(table, "licence", name),
        parameters=_int_fact(table, "parameters", name),
        source=_package(table[kind], name) if kind == "package" else _hub(table[kind], name),
    )


def _package(table: Mapping[str, Any], name: str) -> PackageSource:
    files = tuple(
        PackagedFile(
            _inside(_text(one, "path", name), name),
            _inside(_text(one, "name", name), name),
            _count(one, "bytes", name),
            _sum(one, "sha256", name),
        )
        for one in table.get("files", [])
    )
    convert = str(table.get("convert", ""))
    if not files or convert not in CONVERSIONS:
        raise BadCatalogue(f"{name}: no files, or a conversion that is not known")
    return PackageSource(
        package=_text(table, "package", name),
        version=_text(table, "version", name),
        wheel=_inside(_text(table, "wheel", name), name),
        bytes=_count(table, "bytes", name),
        sha256=_sum(table, "sha256", name),
        python=_text(table, "python", name),
        platform=_text(table, "platform", name),
        files=files,
        convert=convert,
        source=_text(table, "source", name),
        date=_date(table, name),
    )


def _hub(table: Mapping[str, Any], name: str) -> HubSource:
    revision = _text_fact(table, "revision", name)
    if revision.value is not None and not _COMMIT.fullmatch(revision.value):
        raise BadCatalogue(f"{name}: a revision is a whole commit")
    return HubSource(
        repository=_text(table, "repository", name),
        files=_texts(table, "files", name),
        revision=revision,
        bytes=_int_fact(table, "bytes", name),
    )


def _text_fact(table: Mapping[str, Any], key: str, name: str) -> Fact[str]:
    value = table.get(key)
    if value == UNKNOWN:
        return Fact()
    if not isinstance(value, Mapping):
        raise BadCatalogue(f"{name}: {key} is no fact")
    return Fact(_text(value, "value", name), _text(value, "source", name), _date(value, name))


def _int_fact(table: Mapping[str, Any], key: str, name: str) -> Fact[int]:
    value = table.get(key)
    if value == UNKNOWN:
        return Fact()
    if not isinstance(value, Mapping):
        raise BadCatalogue(f"{name}: {key} is no fact")
    return Fact(_count(value, "value", name), _text(value, "source", name), _date(value, name))


def _text(table: Mapping[str, Any], key: str, name: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise BadCatalogue(f"{name}: {key} is missing")
    return value


def _texts(table: Mapping[str, Any], key: str, name: str) -> tuple[str, ...]:
    value = table.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise BadCatalogue(f"{name}: {key} is no list of texts")
    return tuple(value)


def _count(table: Mapping[str, Any], key: str, name: str) -> int:
    value = table.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadCatalogue(f"{name}: {key} is no number")
    return value


def _sum(table: Mapping[str, Any], key: str, name: str) -> str:
    value = _text(table, key, name)
    if not _SHA256.fullmatch(value):
        raise BadCatalogue(f"{name}: {key} is no SHA-256")
    return value


def _date(table: Mapping[str, Any], name: str) -> str:
    value = table.get("date")
    if not isinstance(value, date):
        raise BadCatalogue(f"{name}: a fact has no date")
    return value.isoformat()


def _inside(path: str, name: str) -> str:
    """A relative path that stays below its folder."""
    if not stays_inside(path):
        raise BadCatalogue(f"{name}: {path} leads elsewhere")
    return path
