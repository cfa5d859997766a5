"""`pentimento rewrite` with the models that come with the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.cli.cli_cases import in_process

PROMPT = (
    "a red house with a fence, in a meadow, at noon, clear sky, summer, seen from afar, watercolour"
)


@pytest.mark.usefixtures("starter_models")
def test_a_prompt_of_the_starter_models_world(capsys: pytest.CaptureFixture[str]) -> None:
    code, values = in_process(capsys)("rewrite", PROMPT, "make it night")
    assert code == 0
    assert values["plain_target"] == PROMPT.replace("at noon", "at night")
    (first, *_) = values["options"]
    assert (first["integrity"], first["passes"], first["lost"]) == (1.0, True, [])
    assert first["changes"] == ["noon → night"]


def test_it_says_what_cannot_be_done(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = in_process(capsys)
    for words, code, kind in [
        (["--count", 0], 2, "usage"),
        (["--keep", 2], 2, "usage"),
        ([], 3, "model_missing"),
    ]:
        found, values = run("rewrite", "an owl", "make it red", *words)
        assert (found, values["error"]["kind"]) == (code, kind)
