"""What `train` refuses; the training itself is tested in tests/inference/lab/finetune."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.cli.cli_cases import Run


@pytest.mark.parametrize(
    "words",
    [
        ["--steps", "0"],
        ["--rank", "0"],
        ["--seed", "-1"],
        ["--after", "1.5"],
        ["--learning-rate", "0"],
        ["--tune", "some"],
        ["--context", "pixels"],
        [],  # there is no such model
    ],
)
def test_what_cannot_be_trained_is_refused(run: Run, tmp_path: Path, words: list[str]) -> None:
    code, values = run("train", "suggest", "--model", "no-such-model", "--traces", "t.jsonl", "-o",
                       tmp_path / "out", *words)  # fmt: skip
    assert (code, values["error"]["kind"]) == (2, "usage")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["captions", "--captions", "c.txt", "--fraction", "0"],
        ["captions", "--captions", "c.txt", "--epochs", "0"],
        ["captions", "--captions", "c.txt", "--epochs", "nan"],
        ["captions", "--captions", "c.txt", "--epochs", "inf"],
        ["captions", "--captions", "c.txt", "--batch", "0"],
        ["captions", "--captions", "c.txt", "--form", "poem"],
        ["captions", "--captions", "c.txt"],
        ["chat", "--records", "r", "--steps", "0"],
        ["chat", "--records", "r", "--learning-rate", "2"],
        ["chat", "--records", "r"],
        ["chat", "--records", "r", "--stage", "reinforce"],
        ["chat", "--records", "r", "--stage", "dpo", "--rewards", "w", "--tune", "lora"],
        ["chat", "--records", "r", "--threshold", "2"],
        ["chat", "--records", "r", "--without", "beauty"],
        ["chat", "--records", "r", "--answers", "1"],
        ["rewards", "--records", "r", "--prompts", "5"],
        ["rewards", "--records", "r", "--sampler-steps", "0"],
        ["rewards", "--records", "r"],
    ],
)
def test_captions_and_chat_refuse_the_same_way(run: Run, tmp_path: Path, words: list[str]) -> None:
    code, values = run("train", *words, "--model", "no-such-model", "-o", tmp_path / "out")
    assert (code, values["error"]["kind"]) == (2, "usage")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words", [["--threads", "0"], ["--threads", "-3"], ["--minutes", "nan"], ["--minutes", "-1"]]
)
def test_times_and_threads_that_no_call_can_have_are_refused(
    run: Run, tmp_path: Path, words: list[str]
) -> None:
    (tmp_path / "model").mkdir()
    code, values = run("train", "suggest", "--model", tmp_path / "model", "--traces", "t.jsonl",
                       "-o", tmp_path / "out", *words)  # fmt: skip
    assert (code, values["error"]["kind"]) == (2, "usage")
    assert words[0] in values["error"]["message"]


def test_a_folder_without_a_language_model_is_refused(tmp_path: Path) -> None:
    from inference.lab.finetune.run_recipe import NoLanguageModel, load_causal_language

    (tmp_path / "config.json").write_text('{"model_type": "clip"}', "utf-8")
    with pytest.raises(NoLanguageModel, match="no causal language model"):
        load_causal_language(tmp_path)
