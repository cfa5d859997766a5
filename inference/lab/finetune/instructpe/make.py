"""Writing InstructPE: training, test and held-out records, and a card that says what they are."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from inference.lab.finetune.instructpe.record import ConsistencyFilter, InstructPrompt, split
from inference.lab.finetune.instructpe.storybook_records import storybook_records
from inference.lab.finetune.instructpe.word_records import (
    prompt_records,
    real_prompts,
    triple_records,
)
from inference.lab.finetune.word_filter import WordFilter
from inference.lab.storybook.new_folder import new_folder

TRAIN: Final = "train.json"
TEST: Final = "test.json"
HELD_OUT: Final = "held-out.json"
CARD: Final = "README.md"
_CARD: Final = """# InstructPE of this program

A prompt, an instruction and the prompt after it, in the form of DiffChat's data (arXiv 2403.04997).
Made by `pentimento make-instructpe` with seed {seed}. No language model wrote any of it.

| file | origin and licence | records |
|---|---|---|
{rows}

Keys: `source_prompt` (plain), `instruction`, `beautified_source_prompt`,
`beautified_target_prompt`; `plain_target_prompt`, against which content integrity is measured, and
`origin`.

The simple side of a real prompt is its head by rule. The beautified side of a human caption is the
caption with modifiers of a real prompt, the same before and after the edit. Records fell for:
{fallen}.
"""


@dataclass(frozen=True)
class InstructPeOptions:
    """What is written.

    Attributes:
        storybook: records of the storybook that are tried.
        held_out: of them, in the place and the style that no training shows.
        words: folder with real prompts and triples; None for the storybook alone.
        typed: typed edits of real prompts that are tried.
        word_filter: file of unwanted words; None for the shipped one.
        seed: of everything.
    """

    storybook: int = 20_000
    held_out: int = 400
    words: Path | None = None
    typed: int = 8_000
    word_filter: Path | None = None
    seed: int = 0


def make_instructpe(options: InstructPeOptions, folder: Path) -> dict[str, Any]:
    """Write the records; returns how many there are, by origin, and what fell.

    The human triples are split 300 to the rest before anything is left out; the others by plain
    source prompt, 97.7 to 2.3.

    Args:
        options: what is written.
        folder: new or empty; it appears whole or not at all.

    Raises:
        NoRealWords: the folder of words lacks its files, or no prompt of it has modifiers.
        FileExistsError: `folder` has something in it already.
    """
    words = WordFilter.read(options.word_filter)
    consistent = ConsistencyFilter(words)
    seed = options.seed
    train, test = split(consistent(storybook_records(options.storybook, seed)), seed)
    held_out = consistent(storybook_records(options.held_out, seed, held_out=True))
    if options.words is not None:
        prompts, _ = words.kept(real_prompts(options.words))
        for_training, for_tests = triple_records(options.words, prompts, seed)
        train += consistent(for_training)
        test += consistent(for_tests)
        more, rest = split(consistent(prompt_records(prompts, options.typed, seed)), seed)
        train += more
        test += rest
    files = {TRAIN: train, TEST: test, HELD_OUT: held_out}
    report = {
        "records": {name: len(records) for name, records in files.items()},
        "origins": {name: _origins(records) for name, records in files.items()},
        "fallen": dict(sorted(consistent.fallen.items())),
    }
    with new_folder(folder) as draft:
        for name, records in files.items():
            values = [record.to_json() for record in records]
            (draft / name).write_text(json.dumps(values, indent=0, ensure_ascii=False), "utf-8")
        (draft / CARD).write_text(card(options, report), "utf-8")
    return report


def read_records(file: Path) -> list[InstructPrompt]:
    """The records of a file that `make_instructpe` wrote."""
    return [InstructPrompt(**values) for values in json.loads(file.read_text("utf-8"))]


def card(options: InstructPeOptions, report: dict[str, Any]) -> str:
    """The data card: sources with licences, counts, how the records were made."""
    rows = [
        f"| {name} | {origin} | {count} |"
        for name, origins in report["origins"].items()
        for origin, count in origins.items()
    ]
    fallen = ", ".join(f"{reason} ({count})" for reason, count in report["fallen"].items())
    return _CARD.format(seed=options.seed, rows="\n".join(rows), fallen=fallen or "nothing")


def _origins(records: Sequence[InstructPrompt]) -> dict[str, int]:
    return dict(sorted(Counter(record.origin for record in records).items()))
