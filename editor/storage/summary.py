"""What a list of documents shows and searches of each, read without its pixels."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor.errors import ExpectedError
from editor.messages import Message
from editor.storage import values
from editor.storage.file import absolute, recover
from editor.storage.lock import WriteLock
from editor.storage.schema import TEXT_LIMIT, check, connect_reader, unreadable

IDEAS_CAP = 500
"""So many ideas of a document are listed and searched, the newest ones and the first."""

RESULTS_CAP = 5000
"""The words of so many results are read, the newest first."""

WORDS_CAP = 2000
"""Longest text in characters that is searched for each idea."""


@dataclass(frozen=True)
class IdeaSummary:
    """One idea of a document.

    Attributes:
        id: of the node.
        label: the artist's own name of it, else its label.
        picture: pixel digest; "" while its pixels are not made.
        words: what else it may be found by: note, instruction, captions.
    """

    id: str
    label: str
    picture: str = ""
    words: str = ""


@dataclass(frozen=True)
class DocumentSummary:
    """What a document holds, as far as a list of documents needs it.

    Attributes:
        first_label: of the first picture, as it was opened: the file's name in most cases.
        started: when that was, seconds since 1970.
        changed: when something was added last, seconds since 1970.
        count: number of ideas, the first picture included.
        branches: number of ideas that nothing was made from.
        results: number of results that were shown, kept or not.
        head: id of the current idea.
        ideas: oldest first, at most `IDEAS_CAP`.
        tried: instructions of which nothing was kept, and captions.
    """

    first_label: str = ""
    started: float = 0.0
    changed: float = 0.0
    count: int = 0
    branches: int = 0
    results: int = 0
    head: str = ""
    ideas: tuple[IdeaSummary, ...] = ()
    tried: tuple[str, ...] = ()

    @property
    def has_work(self) -> bool:
        """Something was made in it, kept or not; else it holds only the picture it began with."""
        return self.count > 1 or self.results > 0

    @property
    def first(self) -> IdeaSummary | None:
        """The picture it began with."""
        return self.ideas[0] if self.ideas else None

    @property
    def current(self) -> IdeaSummary | None:
        """The current idea, else the newest one that has pixels."""
        shown = [idea for idea in self.ideas if idea.picture]
        return next((i for i in shown if i.id == self.head), shown[-1] if shown else None)

    def find(self, words: str) -> str | None:
        """The idea or instruction that holds all of the words, by its label; None if none does."""
        wanted = words.casefold().split()
        for idea in reversed(self.ideas):
            if _holds(f"{idea.label} {idea.words}", wanted):
                return idea.label
        return next((text for text in self.tried if _holds(text, wanted)), None)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` gives the same summary back."""
        ideas = [[idea.id, idea.label, idea.picture, idea.words] for idea in self.ideas]
        return {**vars(self), "ideas": ideas, "tried": list(self.tried)}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> DocumentSummary:
        """The summary written by `to_json`.

        Raises:
            ValueError, TypeError, KeyError: it is damaged, or of another version.
        """
        ideas = tuple(IdeaSummary(*map(_text, idea)) for idea in found["ideas"])
        return cls(
            first_label=_text(found["first_label"]),
            started=float(found["started"]),
            changed=float(found["changed"]),
            count=int(found["count"]),
            branches=int(found["branches"]),
            results=int(found["results"]),
            head=_text(found["head"]),
            ideas=ideas,
            tried=tuple(map(_text, found["tried"])),
        )


def read_summary(path: Path) -> DocumentSummary:
    """Read a document's summary; no pixels, and nothing of it is checked beyond what is read.

    Raises:
        DamagedDocument: no document, or it cannot be read at all.
        NewerDocument: made by a later version.
        ExpectedError: there is no such file.
    """
    path = absolute(path)
    if not path.is_file():
        raise ExpectedError(
            Message("document.missing", name=path.name), Message("do.choose_other_file")
        )
    try:
        recover(path, WriteLock(path))
        with closing(connect_reader(path, limit=TEXT_LIMIT)) as connection:
            check(connection, path.name)
            return _Reading(connection).run()
    except (sqlite3.Error, *values.DAMAGE) as error:
        raise unreadable(path.name, error) from error


class _Reading:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: dict[str, str] = {}
        self._notes: dict[str, str] = {}
        self._head = ""
        self._captions: list[str] = []

    def run(self) -> DocumentSummary:
        self._events()
        nodes = list(self._rows("SELECT id, parent, label, time FROM node ORDER BY rowid"))
        if not nodes:
            raise ValueError("a document without a picture")
        made = self._words("SELECT n.node, c.request FROM node_candidate n JOIN candidate c"
                           " ON c.id=n.candidate WHERE n.role='made' LIMIT ?")  # fmt: skip
        listed = nodes if len(nodes) <= IDEAS_CAP else [nodes[0], *nodes[1 - IDEAS_CAP :]]
        ideas = tuple(self._idea(str(n), str(label), made) for n, _, label, _ in listed)
        kept = {text for texts in made.values() for text in texts}
        tried = self._words("SELECT r.job, c.request FROM result r JOIN candidate c"
                            " ON c.id=r.candidate ORDER BY r.time DESC LIMIT ?")  # fmt: skip
        rest = [text for texts in tried.values() for text in texts if text not in kept]
        parents = {parent for _, parent, _, _ in nodes}
        ((results, newest),) = self._rows("SELECT count(*), max(time) FROM result")
        ((event,),) = self._rows("SELECT max(time) FROM event")
        times = [float(time) for _, _, _, time in nodes]
        return DocumentSummary(
            first_label=str(nodes[0][2]),
            started=times[0],
            changed=max(*times, float(newest or 0), float(event or 0)),
            count=len(nodes),
            branches=sum(node not in parents for node, _, _, _ in nodes),
            results=int(results),
            head=self._head,
            ideas=ideas,
            tried=tuple(dict.fromkeys(_cut(text) for text in (*rest, *self._captions))),
        )

    def _rows(self, query: str, *bound: Any) -> Iterable[tuple[Any, ...]]:
        return self._connection.execute(query, bound)

    def _events(self) -> None:
        kinds = "('name', 'note', 'caption', 'head')"
        query = f"SELECT kind, node, value FROM event WHERE kind IN {kinds} ORDER BY id"
        for kind, node, text in self._rows(query):
            with suppress(*values.DAMAGE):  # one bad event does not affect the others
                value = values.parse_json(text)
                if kind == "head":
                    self._head = str(node)
                elif kind == "caption":
                    self._captions.append(str(value["text"]))
                else:
                    (self._names if kind == "name" else self._notes)[str(node)] = str(value)

    def _words(self, query: str) -> dict[str, list[str]]:
        """What was asked for: instruction, then caption, by the first column of the query."""
        found: dict[str, list[str]] = {}
        for owner, request in self._rows(query, RESULTS_CAP):
            with suppress(*values.DAMAGE):  # a damaged request leaves the others
                words = values.parse_json(request)["instruction"]
                texts = found.setdefault(str(owner), [])
                for text in (str(words["text"]), str(words["target_prompt"])):
                    if text and text not in texts:
                        texts.append(text)
        return found

    def _idea(self, node: str, label: str, made: dict[str, list[str]]) -> IdeaSummary:
        query = ("SELECT i.pixel_digest FROM layer l JOIN image i ON i.id=l.image"
                 " WHERE l.node=? ORDER BY l.place LIMIT 2")  # fmt: skip
        layers = [str(digest) for (digest,) in self._rows(query, node)]
        words = (label, self._notes.get(node, ""), *made.get(node, ()))
        own = self._names.get(node) or label
        text = " ".join(dict.fromkeys(word for word in words if word and word != own))
        return IdeaSummary(node, _cut(own), layers[0] if len(layers) == 1 else "", _cut(text))


def _holds(text: str, wanted: list[str]) -> bool:
    folded = text.casefold()
    return all(word in folded for word in wanted)


def _cut(text: str) -> str:
    return values.clean(text[:WORDS_CAP])


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
