"""`pentimento ideas`: what a text could be pictures of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.cli.cli_cases import in_process

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
