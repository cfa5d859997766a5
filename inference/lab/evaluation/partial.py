"""What a run has measured so far, on disk, so that a run that was killed goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from editor.errors import ExpectedError
from editor.formats.whole_file import whole_file

FOLDER: Final = "partial"
_HEADER: Final = "run.json"

ItemValues = dict[str, Any]
"""What was measured of one item; JSON gives every float back as it was."""


class OtherRun(ExpectedError):
    """The report folder holds what another run measured."""

    kind = "output_exists"


class PartialResults:
    """ItemValues by row and item, a line of JSON for each, written as soon as it is known.

    Every process writes a file of its own and reads those of all, so that a run goes on with
    another number of processes too. A line that was cut off when the process was killed is left
    out, and its item is measured again.
    """

    def __init__(
        self, folder: Path | None, facts: Mapping[str, Any] | None = None, process: int = 0
    ) -> None:
        """Read what is there.

        Args:
            folder: of the report; None keeps everything in memory.
            facts: what the values depend on besides row and item.
            process: number of this process.

        Raises:
            OtherRun: the folder holds values that depend on other facts.
        """
        self._found: dict[tuple[str, str], ItemValues] = {}
        self._folder = folder / FOLDER if folder is not None else None
        self._file: Path | None = None
        if self._folder is None:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        agree_on_facts(self._folder / _HEADER, dict(facts or {}))
        self._file = self._folder / f"values-{process}.jsonl"
        _end_of_lines(self._file)
        self.read()

    def read(self) -> None:
        """Read what all processes have written."""
        if self._folder is None:
            return
        for path in sorted(self._folder.glob("values-*.jsonl")):
            for line in path.read_bytes().split(b"\n")[:-1]:
                one = json.loads(line)
                self._found[one["row"], one["item"]] = one["values"]

    def get(self, row: str, item: str) -> ItemValues | None:
        """What was measured, None if it was not."""
        return self._found.get((row, item))

    def measured(self, row: str, item: str, measure: Callable[[], ItemValues]) -> ItemValues:
        """What was measured, or is measured now and kept."""
        found = self._found.get((row, item))
        if found is None:
            found = measure()
            self._found[row, item] = found
            if self._file is not None:
                line = json.dumps({"row": row, "item": item, "values": found}, allow_nan=False)
                with self._file.open("ab") as file:
                    file.write(line.encode() + b"\n")
        return found


def file_digest(path: Path) -> str:
    """BLAKE2b of a file's bytes, in hex."""
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()


def agree_on_facts(header: Path, facts: Mapping[str, Any]) -> None:
    """Write what a new run depends on, or compare it with an old one's.

    Args:
        header: the file that holds it, as JSON.
        facts: by name.

    Raises:
        OtherRun: they differ.
    """
    facts = json.loads(json.dumps(facts))  # as they will be read
    try:
        known = json.loads(header.read_bytes())
    except FileNotFoundError:
        with whole_file(header) as file:
            file.write(json.dumps(facts, indent=1).encode())
        return
    if known != facts:
        differ = ", ".join(
            name for name in {**known, **facts} if known.get(name) != facts.get(name)
        )
        raise OtherRun(
            f"The folder holds a run with another {differ}.",
            "Name another folder, or delete that one.",
        )


def _end_of_lines(path: Path) -> None:
    """Cut off a last line that was not finished."""
    if not path.exists():
        return
    content = path.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        with path.open("r+b") as file:
            file.truncate(whole)
