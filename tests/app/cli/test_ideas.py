"""`pentimento ideas`: what a text could be pictures of."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import pytest

from tests.app.cli.cli_cases import in_process

STARTER = Path(str(resources.files("resources"))) / "models" / "starter"
STORY = "# Tower\n\nThe Lady of Shalott sang by the sea. The sea was wide. Nobody heard her sing."


def test_concepts_of_words_and_of_a_story(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = in_process(capsys)
    code, values = run("ideas", "an old clockmaker")
    assert (code, values["prompts"]) == (0, {})
    assert values["concepts"] == [
        {"text": "old clockmaker", "kind": "phrase", "count": 1, "score": 0.3466}
    ]
    story = tmp_path / "story.md"
    story.write_text(STORY, "utf-8")
    code, values = run("ideas", story, "--count", 3)
    assert [one["text"] for one in values["concepts"]] == ["sea", "Tower", "Lady of Shalott"]


def test_it_says_what_cannot_be_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = in_process(capsys)
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    cases = [
        (("ideas", "of the"), 3, "no_concepts"),
        (("ideas", tmp_path / "none.txt"), 3, "no_concepts"),
        (("ideas", tmp_path / "bad.txt"), 3, "no_concepts"),
        (("ideas", "owl", "--polish", 2), 2, "usage"),
        (("ideas", "owl", "--count", 0), 2, "usage"),
        (("ideas", "owl", "--prompts", 1), 3, "model_missing"),
    ]
    for words, code, kind in cases:
        found, values = run(*words)
        assert (found, values["error"]["kind"]) == (code, kind), words


def test_the_starter_writes_prompts_and_says_what_it_does_not_know(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = in_process(capsys)
    words = ("--prompts", 2, "--models", STARTER)
    code, values = run("ideas", "A red cat by the sea and a fox", *words)
    assert code == 0
    assert {name: len(made) for name, made in values["prompts"].items()} == {"red cat": 2, "sea": 2}
    assert values["unknown"] == {"fox": ["fox"]}
    assert all("red cat" in made["prompt"] for made in values["prompts"]["red cat"])
    code, values = run("ideas", "a fox", *words)
    assert (code, values["error"]["kind"]) == (3, "writes_no_prompts")
    assert "“fox”" in values["error"]["message"]


def test_captions_with_topics_are_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = in_process(capsys)
    file = tmp_path / "topics.jsonl"
    assert run("make-captions", file, "--count", 5) == (
        0, {"file": str(file), "count": 5, "seed": 0},
    )  # fmt: skip
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert len(rows) == 5
    assert all(row["topic"] and row["caption"] for row in rows)
    code, values = run("make-captions", file)
    assert (code, values["error"]["kind"]) == (3, "output_exists")
    for other in ((tmp_path / "a.txt",), (tmp_path / "a.jsonl", "--count", 0)):
        assert run("make-captions", *other)[0] == 2
