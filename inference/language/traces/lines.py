from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from editor.display_name import display_name
from editor.messages import Message
from inference.language.traces.errors import BadTraces

FILE_BYTES: Final = 1 << 31
"""Largest file that is read; the metadata of all of DiffusionDB is smaller."""

LINE_CHARACTERS: Final = 1 << 22


def check_file(file: Path, most: int = FILE_BYTES) -> None:
    """Check that a file is there and not too large.

    Raises:
        BadTraces: it is not.
    """
    if not file.is_file():
        raise BadTraces(Message("traces.no_file", file=display_name(file)))
    if file.stat().st_size > most:
        raise BadTraces(Message("traces.too_large", file=display_name(file)))


def tidy_text(text: str) -> str:
    """With single spaces, and without lone surrogates, which no file and no tokenizer takes."""
    return " ".join(text.encode("utf-8", "replace").decode("utf-8").split())


def json_lines(file: Path, most: int) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file of JSON lines with their line numbers, from 1; no empty lines.

    Raises:
        BadTraces: the file is missing or larger than `most` bytes, or a line is no JSON object.
    """
    check_file(file, most)
    with file.open(encoding="utf-8-sig", errors="replace") as opened:
        number = 0
        while line := opened.readline(LINE_CHARACTERS):
            number += 1
            if not line.strip():
                continue
            try:
                values = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise _bad(number) from error
            if not isinstance(values, dict):
                raise _bad(number)
            yield number, values


def _bad(number: int) -> BadTraces:
    return BadTraces(Message("traces.no_json_line", line=number))
