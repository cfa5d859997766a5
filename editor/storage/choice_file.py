"""What an artist kept of each run, one line of JSON a choice; it never leaves the computer."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final

from editor.ranking.learn import KeptChoice
from editor.ranking.weights import Sides

MOST_CHOICES: Final = 2000
"""The newest so many are used: taste changes, and reading must stay quick."""


@dataclass(frozen=True)
class StoredChoice:
    """One kept result.

    Attributes:
        document: name of its document, so that a document can be learnt from alone.
        job: the run that it was kept from.
        key: of the kept result.
        results: key and sides of every result of the run, the kept one among them.
    """

    document: str
    job: str
    key: str
    results: tuple[tuple[str, Sides], ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` gives the same choice back."""
        results = [[key, *(round(value, 5) for value in astuple(one))] for key, one in self.results]
        return {"document": self.document, "job": self.job, "kept": self.key, "results": results}

    @classmethod
    def from_json(cls, values: Any) -> StoredChoice:
        """The inverse of `to_json`; raises `ValueError`, `KeyError` or `TypeError`."""
        results = tuple(
            (str(key), Sides(float(words), float(picture), float(beauty)))
            for key, words, picture, beauty in values["results"]
        )
        return cls(str(values["document"]), str(values["job"]), str(values["kept"]), results)


class ChoiceFile:
    """A file of choices. A line is written whole or, when the program is killed, is ignored."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> list[StoredChoice]:
        """The newest choices, oldest first; [] where there is no file. Damaged lines are left out.

        Raises:
            OSError: the file is there and cannot be read.
        """
        try:
            lines = self._path.read_text("utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines[-MOST_CHOICES:]:
            try:
                found.append(StoredChoice.from_json(json.loads(line)))
            except (ValueError, KeyError, TypeError):
                continue  # the end of a line that was being written when the power went
        return found

    def add(self, choice: StoredChoice) -> None:
        """Append one choice and wait until it is on the disk.

        Raises:
            OSError: it cannot be written.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = _line(choice)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:  # the system may take less than all in one write
            if self._ends_within_a_line():
                line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(handle)

    def forget(self, document: str | None = None) -> None:
        """Delete the choices of one document, or all.

        Raises:
            OSError: the file cannot be read or removed.
            DiskFull, ExpectedError: it cannot be written; it stays as it was.
        """
        kept = [one for one in self.read() if document is not None and one.document != document]
        if not kept:
            self._path.unlink(missing_ok=True)
            return
        from editor.formats.whole_file import whole_file  # not before the first paint

        with whole_file(self._path) as file:
            file.writelines(_line(one) for one in kept)

    def _ends_within_a_line(self) -> bool:
        with self._path.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return False
            file.seek(-1, os.SEEK_END)
            return file.read(1) != b"\n"


def _line(choice: StoredChoice) -> bytes:
    return json.dumps(choice.to_json(), separators=(",", ":")).encode() + b"\n"


def choices_of(stored: Iterable[StoredChoice], document: str | None = None) -> list[KeptChoice]:
    """What can be learnt from: the last result kept of each run against those never kept.

    Args:
        stored: oldest first.
        document: only choices of this document; None for all.
    """
    runs: dict[tuple[str, str], list[StoredChoice]] = {}
    for one in stored:
        if document in (None, one.document):
            runs.setdefault((one.document, one.job), []).append(one)
    return [choice for run in runs.values() if (choice := _choice(run)) is not None]


def _choice(run: Sequence[StoredChoice]) -> KeptChoice | None:
    last = run[-1]
    kept = {one.key for one in run}
    sides = dict(last.results)
    others = tuple(value for key, value in last.results if key not in kept)
    return KeptChoice(sides[last.key], others) if last.key in sides and others else None
