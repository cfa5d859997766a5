"""Traces out of whatever holds them: documents, logs, pictures, sessions."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from editor.display_name import display_name
from editor.messages import Message
from editor.model.trace import Trace, traces_of
from inference.language.traces.clusters import group_traces
from inference.language.traces.edit_sessions import read_sessions, read_triples
from inference.language.traces.errors import BadTraces
from inference.language.traces.generated_pictures import read_pictures
from inference.language.traces.lines import LINE_CHARACTERS
from inference.language.traces.prompt_log import LOG_SUFFIXES, LogEntry, read_log
from inference.language.traces.text_features import TextFeatures
from inference.language.traces.trace_file import read_traces

SourceKind = Literal["document", "traces", "log", "pictures", "sessions", "triples"]
SENSITIVITY: Final = (0.10, 0.15, 0.20, 0.30)
"""Distances for which the number of traces is reported."""


@dataclass(frozen=True)
class ImportedTraces:
    """What was found.

    Attributes:
        traces: with their source.
        kind: how the source was read.
        entries: prompts in the log or the pictures; 0 where traces were recorded as such.
        features: how prompts were compared; "" where nothing had to be grouped.
        eps: largest distance of neighbours.
        sensitivity: traces that other distances would give.
    """

    traces: tuple[Trace, ...]
    kind: SourceKind
    entries: int = 0
    features: str = ""
    eps: float = 0.0
    sensitivity: dict[float, int] = field(default_factory=dict)

    @property
    def edit_kinds(self) -> dict[str, int]:
        """How many edits of prompts are of each kind; those without prompts are "unknown"."""
        edits = (edit for trace in self.traces for edit in trace.edits)
        return dict(Counter(edit.kind if edit else "unknown" for edit in edits).most_common())


def import_traces(
    source: Path,
    features: Callable[[], TextFeatures],
    *,
    kind: SourceKind | None = None,
    eps: float | None = None,
    credit: str = "",
    sensitivity: bool = False,
) -> ImportedTraces:
    """Read the traces of a file or folder.

    Args:
        source: a document, a file of traces, a log (csv, tsv, jsonl), MagicBrush's sessions,
            InstructPix2Pix's triples, or a folder of generated pictures.
        features: called where prompts have to be grouped.
        kind: how to read it; None to find out.
        eps: largest distance of neighbours; None for the one that suits the features.
        credit: where the words come from, with the licence.
        sensitivity: count the traces for each distance of `SENSITIVITY` too.

    Raises:
        BadTraces: nothing there can be read so.
        DamagedDocument, NewerDocument: as when a document is opened.
    """
    found = kind or kind_of(source)
    if found == "document":
        from editor.storage.file import DocumentFile, absolute

        history = DocumentFile(absolute(source)).load().history
        return ImportedTraces(traces_of(history), found)
    if found == "traces":
        return ImportedTraces(read_traces(source), found)
    if found == "sessions":
        return ImportedTraces(tuple(read_sessions(source)), found)
    if found == "triples":
        return ImportedTraces(tuple(read_triples(source)), found)
    entries: Sequence[LogEntry]
    entries = tuple(read_pictures(source) if found == "pictures" else read_log(source))
    way = features()
    distance = way.eps if eps is None else eps

    @cache
    def once(texts: tuple[str, ...]) -> Any:
        return way.embed(texts)

    def grouped(distance: float) -> tuple[Trace, ...]:
        return group_traces(entries, lambda t: once(tuple(t)), eps=distance, source=credit)

    others = SENSITIVITY if sensitivity else ()
    return ImportedTraces(
        grouped(distance),
        found,
        len(entries),
        way.name,
        distance,
        {other: len(grouped(other)) for other in others},
    )


def kind_of(source: Path) -> SourceKind:
    """How a source is to be read, by its name and first line.

    Raises:
        BadTraces: it is missing, or nothing that is read here.
    """
    if source.is_dir():
        return "pictures"
    suffix = source.suffix.lower()
    if not source.is_file():
        raise BadTraces(Message("traces.no_file", file=display_name(source)))
    if suffix == ".pentimento":
        return "document"
    if suffix == ".json":
        return "sessions"
    if suffix == ".parquet":
        raise BadTraces(Message("traces.parquet"), Message("traces.parquet_fix"))
    if suffix not in LOG_SUFFIXES:
        raise BadTraces(Message("traces.unknown", file=display_name(source)))
    if suffix != ".jsonl":
        return "log"
    with source.open(encoding="utf-8-sig", errors="replace") as opened:
        line = opened.readline(LINE_CHARACTERS)
    try:
        names = set(json.loads(line))
    except (ValueError, TypeError, RecursionError) as error:
        raise BadTraces(Message("traces.no_json_line", line=1)) from error
    if "steps" in names:
        return "traces"
    if "session" in names:
        return "sessions"
    return "triples" if {"edit", "output"} <= names else "log"
