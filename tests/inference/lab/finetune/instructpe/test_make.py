from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from editor.ranking.content_integrity import WantedContent, content_integrity
from inference.lab.finetune.instructpe.make import (
    CARD,
    HELD_OUT,
    TEST,
    TRAIN,
    InstructPeOptions,
    make_instructpe,
    read_records,
)
from inference.lab.finetune.instructpe.record import ConsistencyFilter, InstructPrompt, split
from inference.lab.finetune.instructpe.storybook_records import storybook_records
from inference.lab.finetune.instructpe.word_records import (
    PROMPTS,
    TRIPLES,
    NoRealWords,
    plain_prompt,
    prompt_records,
    real_prompts,
    triple_records,
)
from inference.lab.finetune.word_filter import WordFilter

PROMPT_TEXTS = (
    "portrait of an old wizard with a long beard, blue staff, oil painting, highly detailed",
    "a red fox in a snowy forest, two birch trees, cinematic lighting, 8k",
    "ruins of a castle, wild ivy, concept art, sharp focus, artstation",
    "studio, 8k",
)


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small folder of prompts and triples."""
    folder = tmp_path_factory.mktemp("words")
    triples = [
        {"input": f"a dog on beach {n}.", "edit": "make it a cat", "output": f"a cat on beach {n}"}
        for n in range(305)
    ]
    for file, lines in (
        (PROMPTS, [{"id": str(n), "prompt": f"{t} "} for n, t in enumerate(PROMPT_TEXTS)]),
        (TRIPLES, triples),
    ):
        (folder / file).parent.mkdir(exist_ok=True)
        (folder / file).write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return folder


def _keeps(records: Sequence[InstructPrompt]) -> None:
    for record in records:
        wanted = WantedContent.of(record.source_prompt, record.plain_target_prompt)
        assert content_integrity(record.beautified_target_prompt, wanted).passes(), record


def test_storybook_records_follow_from_the_seed_and_keep_their_content() -> None:
    records = list(storybook_records(24, 5))
    assert records == list(storybook_records(24, 5))
    assert records != list(storybook_records(24, 6))
    kept = ConsistencyFilter(WordFilter([]))(records)
    assert len(kept) >= 20
    _keeps(kept)
    assert {record.origin.split()[0] for record in records} == {"storybook"}


def test_held_out_records_show_the_place_or_the_style_that_no_other_shows() -> None:
    held = list(storybook_records(12, 0, held_out=True))
    seen = list(storybook_records(40, 0))

    def shows(record: InstructPrompt) -> bool:
        text = record.beautified_source_prompt
        return "in a town" in text or "stained glass" in text

    assert all(map(shows, held))
    assert not any(map(shows, seen))
    assert len({"in a town" in record.beautified_source_prompt for record in held}) == 2


def test_the_simple_side_is_the_head() -> None:
    assert plain_prompt(PROMPT_TEXTS[0]) == "portrait of an old wizard"
    assert plain_prompt(PROMPT_TEXTS[1]) == "a red fox in a snowy forest"
    assert plain_prompt("studio, 8k") == ""
    assert plain_prompt("very slowly and often, 8k") == ""


def test_typed_edits_do_to_the_full_prompt_what_they_do_to_the_plain_one() -> None:
    records = list(prompt_records(PROMPT_TEXTS, 60, 1))
    assert {record.beautified_source_prompt for record in records} == set(PROMPT_TEXTS[:3])
    kept = ConsistencyFilter(WordFilter([]))(records)
    _keeps(kept)
    removed = [r for r in kept if r.source_prompt.endswith(("wild ivy", "staff", "birch trees"))]
    assert removed
    for record in removed:
        old = record.source_prompt.rpartition(", ")[2]
        assert old in record.instruction
        assert old not in record.beautified_target_prompt
    (other, *_) = [r for r in kept if r.instruction == "turn the red fox into an old wizard"]
    assert other.plain_target_prompt == "an old wizard in a snowy forest"
    assert other.beautified_target_prompt == (
        "an old wizard in a snowy forest, two birch trees, cinematic lighting, 8k"
    )


def test_human_triples_are_split_before_anything_falls(words: Path) -> None:
    train, test = triple_records(words, PROMPT_TEXTS, 3)
    assert (len(train), len(test)) == (300, 5)
    assert not {r.source_prompt for r in train} & {r.source_prompt for r in test}
    record = train[0]
    ends = {
        text.removeprefix(plain)
        for text, plain in (
            (record.beautified_source_prompt, record.source_prompt),
            (record.beautified_target_prompt, record.plain_target_prompt),
        )
    }
    assert len(ends) == 1
    assert ends <= {
        ", oil painting, highly detailed",
        ", cinematic lighting, 8k",
        ", concept art, sharp focus, artstation",
    }


def test_foreign_files_are_read_line_by_line_and_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / PROMPTS
    file.parent.mkdir()
    file.write_text('{"prompt": "a fox\u2028in snow"}\n \n', "utf-8")
    assert real_prompts(tmp_path) == ["a fox in snow"]
    (tmp_path / TRIPLES).parent.mkdir()
    (tmp_path / TRIPLES).write_text('{"input": "a", "edit": "b", "output": "c"}\n', "utf-8")
    with pytest.raises(NoRealWords, match="No prompt has modifiers"):
        make_instructpe(InstructPeOptions(storybook=2, held_out=0, words=tmp_path), tmp_path / "o")
    assert not (tmp_path / "o").exists()
    file.write_text("[" * 5000, "utf-8")
    with pytest.raises(NoRealWords, match="cannot be read"):
        real_prompts(tmp_path)


def test_inconsistent_records_fall_and_are_counted() -> None:
    good = InstructPrompt("a red fox", "as a sketch", "a red fox, 8k", "a red fox, sketch, 8k",
                          "a red fox, sketch", "x")  # fmt: skip
    consistent = ConsistencyFilter(WordFilter(["cat"]))
    bad = [
        good,
        replace(good, instruction=""),
        replace(good, beautified_target_prompt="a red fox, 8K"),
        replace(good, instruction="b", beautified_target_prompt="a house, sketch"),
        replace(good, source_prompt="a blue whale", instruction="other"),
        replace(good, instruction="as a cat"),
        replace(good, instruction="more", beautified_target_prompt="a red fox sketch " + "x " * 60),
    ]
    assert consistent([good, *bad]) == [good]
    assert consistent.fallen == {
        "repeated": 1,
        "empty": 1,
        "nothing changes": 1,
        "target loses content": 1,
        "source loses content": 1,
        "word filter": 1,
        "too long": 1,
    }


def test_a_prompt_lies_on_one_side_of_the_split() -> None:
    records = [InstructPrompt(f"fox {n % 100}", str(n), "a", "b", "c", "x") for n in range(1000)]
    train, test = split(records, 0)
    assert len(train) + len(test) == 1000
    assert len(test) == 30  # 2.3 %, with whole prompts of ten records each
    assert not {r.source_prompt for r in train} & {r.source_prompt for r in test}
    assert split(records, 0) == (train, test)
    assert split(records, 1)[1] != test


def test_the_folder_has_a_card_with_licences(tmp_path: Path, words: Path) -> None:
    options = InstructPeOptions(storybook=40, held_out=4, words=words, typed=16, seed=2)
    report = make_instructpe(options, tmp_path / "a")
    make_instructpe(options, tmp_path / "b")
    for name in (TRAIN, TEST, HELD_OUT, CARD):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    records = read_records(tmp_path / "a" / TRAIN)
    assert len(records) == report["records"][TRAIN]
    assert len({record.origin for record in records}) == 3
    card = (tmp_path / "a" / CARD).read_text("utf-8")
    assert all(licence in card for licence in ("Apache-2.0", "MIT", "CC0"))
    with pytest.raises(NoRealWords, match="cannot be read"):
        make_instructpe(replace(options, words=tmp_path), tmp_path / "c")
