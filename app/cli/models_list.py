"""What `pentimento models list` says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.cli.model_options import model_store
from app.cli.output import say
from inference.models.catalogue.entry import UNKNOWN, CatalogueEntry, Fact, PackageSource
from inference.models.catalogue.fits import fits
from inference.models.catalogue.reader import catalogue
from inference.models.downloads.install_record import InstallRecord
from inference.models.families import families


def describe(installed: Mapping[str, InstallRecord]) -> dict[str, Any]:
    """Catalogue, found and refused models as JSON values.

    Args:
        installed: records of the models installed from the catalogue, by id.
    """
    store = model_store(None)
    rows = [
        _entry(entry) | {"installed": name in installed, "fits": fits(entry, store.device)}
        for name, entry in catalogue().items()
    ]
    return {
        "catalogue": rows,
        "found": [
            {
                "id": model.id,
                "family": model.family,
                "role": model.role,
                "folder": str(model.folder),
                "bytes": model.bytes,
            }
            for model in store.found
        ],
        "adapters": [
            {
                "id": one.id,
                "kind": one.kind,
                "file": str(one.folder),
                "bytes": one.bytes,
                "made_for": one.made_for,
            }
            for one in store.adapters
        ],
        "refused": [
            {"folder": str(one.folder), "reason": str(one.reason), "fix": str(one.fix or "")}
            for one in store.refused
        ],
    }


def show(report: Mapping[str, Any]) -> None:
    """The same as lines for people."""
    say("Can be installed")
    rows = report["catalogue"]
    names, licences = (max(len(row[key]) for row in rows) for key in ("id", "licence"))
    for row in rows:
        size = f"{row['bytes'] / 1e6:,.0f} MB" if row["bytes"] is not None else "size unknown"
        say(f"  {row['id']:<{names}}  {size:>12}  {row['licence']:<{licences}}  {_state(row)}")
        say(f"  {'':<{names}}  {row['good_for']}")
    say("\nHere" if report["found"] else "\nNo models are here.")
    for model in report["found"]:
        size = f"{model['bytes'] / 1e6:,.0f} MB"
        say(f"  {model['role']:<20} {model['id']}  {size}  {model['folder']}")
    if report["adapters"]:
        say("\nLoRA files and new words (--lora NAME)")
    for adapter in report["adapters"]:
        say(f"  {adapter['id']}  {adapter['made_for']}  {adapter['file']}")
    if report["refused"]:
        say("\nNot used")
    for refused in report["refused"]:
        say(f"  {refused['folder']}  {refused['reason']} {refused['fix']}".rstrip())


def _state(row: Mapping[str, Any]) -> str:
    if row["installed"]:
        return "installed"
    if not row["usable"]:
        return "not used by this version yet"
    return {True: "fits", False: "too large for this computer", None: "not known if it fits"}[
        row["fits"]
    ]


def _entry(entry: CatalogueEntry) -> dict[str, Any]:
    source = entry.source
    if isinstance(source, PackageSource):
        where = {"kind": "package", "package": source.package, "version": source.version}
    else:
        revision = source.revision.value or UNKNOWN
        where = {"kind": "hub", "repository": source.repository, "revision": revision}
    return {
        "id": entry.id,
        "title": entry.title,
        "family": entry.family,
        "roles": list(entry.roles),
        "good_for": str(entry.good_for),
        "source": where,
        "bytes": entry.download_bytes,
        "licence": entry.licence.value or UNKNOWN,
        "parameters": entry.parameters.value,
        "memory": entry.memory(),
        "facts": {
            name: {"source": fact.source, "date": fact.date}
            for name, fact in _facts(entry).items()
            if fact.value is not None
        },
        "usable": entry.family in families(),
    }


def _facts(entry: CatalogueEntry) -> dict[str, Fact[Any]]:
    facts: dict[str, Fact[Any]] = {"licence": entry.licence, "parameters": entry.parameters}
    if isinstance(entry.source, PackageSource):
        facts["bytes"] = Fact(entry.source.bytes, entry.source.source, entry.source.date)
    else:
        facts |= {"bytes": entry.source.bytes, "revision": entry.source.revision}
    return facts
