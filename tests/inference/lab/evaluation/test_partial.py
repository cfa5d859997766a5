"""A run that was killed goes on, and gives what an unbroken one gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from inference.lab.evaluation.partial import OtherRun, PartialResults
from inference.lab.evaluation.processes import ProcessShare

FACTS = {"seed": 0, "models": {"clip": "ab"}, "settings": [("steps", 100)]}


def measured(results: PartialResults, items: str) -> list[str]:
    """Measure items; the names of those that were not known."""
    made: list[str] = []

    def measure(item: str) -> dict[str, Any]:
        made.append(item)
        return {"value": ord(item) / 7}

    for item in items:
        results.measured("row", item, lambda item=item: measure(item))  # type: ignore[misc]
    return made


def test_what_is_on_disk_is_not_measured_again(tmp_path: Path) -> None:
    assert measured(PartialResults(tmp_path, FACTS), "abc") == ["a", "b", "c"]
    again = PartialResults(tmp_path, FACTS)
    assert measured(again, "abcd") == ["d"]
    assert again.get("row", "a") == {"value": ord("a") / 7}  # every bit of it


def test_a_line_that_was_cut_off_is_measured_again(tmp_path: Path) -> None:
    measured(PartialResults(tmp_path, FACTS), "ab")
    file = tmp_path / "partial" / "values-0.jsonl"
    file.write_bytes(file.read_bytes()[:-9])
    again = PartialResults(tmp_path, FACTS)
    assert measured(again, "ab") == ["b"]
    assert measured(PartialResults(tmp_path, FACTS), "ab") == []


def test_values_of_other_facts_are_not_mixed(tmp_path: Path) -> None:
    PartialResults(tmp_path, FACTS)
    with pytest.raises(OtherRun, match=r"another seed\."):  # and nothing else
        PartialResults(tmp_path, {**FACTS, "seed": 1})


def test_processes_read_what_all_have_written(tmp_path: Path) -> None:
    shares = [ProcessShare(index, 2) for index in range(2)]
    parts = [PartialResults(tmp_path, FACTS, share.index) for share in shares]
    for share, results in zip(shares, parts, strict=True):
        measured(results, "".join(share.of("abcde")))
    parts[0].read()
    assert measured(parts[0], "abcde") == []


def test_without_a_folder_it_stays_in_memory() -> None:
    results = PartialResults(None)
    assert measured(results, "aab") == ["a", "b"]
