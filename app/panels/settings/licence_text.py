"""What is said of a licence before anything of its model is fetched."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Final

from app.i18n.texts import tr
from inference.models.catalogue.entry import CatalogueEntry, HubSource

_WITH_US: Final = {"Apache-2.0": "fonts/Apache-2.0.txt"}
"""Licences whose text comes with the program, by name: file in `resources`."""


def licence_text(entry: CatalogueEntry) -> tuple[str, ...]:
    """Paragraphs: where the licence was read or can be read, and its text where it is here."""
    fact, source = entry.licence, entry.source
    found = []
    if fact.value is None:
        found.append(tr("No source that was read names the licence of {0}.").format(entry.title))
    else:
        found.append(tr("{0}: {1}, on {2}.").format(entry.title, fact.source, fact.date))
    if isinstance(source, HubSource):
        text = tr("Its makers state their terms on the page of {0} on the model hub.")
        found.append(text.format(source.repository))
    else:
        text = tr("It lies in the package {0} {1} and is kept beside the model.")
        found.append(text.format(source.package, source.version))
    if fact.value in _WITH_US:
        found.append(_text(_WITH_US[fact.value]))
    return tuple(found)


@cache
def _text(file: str) -> str:
    """The text with its lines joined, so that it fits the width it is shown in."""
    text = (resources.files("resources") / file).read_text("utf-8")
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n") if part.strip())
