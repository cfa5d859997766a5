"""Every protocol, run again on a very small n: its JSON has the common form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from inference.lab.evaluation.registry import protocols
from tests.app.cli.cli_cases import check, in_process

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept:DeprecationWarning",
    "ignore:torch.meshgrid:UserWarning",
)

RUNS: dict[str, tuple[object, ...]] = {
    "adjust": ("--recolour", "--n", 1),
    "chat": (
        "--arm", ":chat_arm", "--records", ":chat_records", "--n", 2, "--part", "plain",
        "--pictures", "renderer",
    ),
    "ideas": (
        "--arm", ":caption_arm", "--captions", ":captions", "--n", 2, "--prompts", 2,
    ),
    "editing-data": (
        "--editor", ":first_editor", "--editor", ":second_editor", "--n", 1, "--steps", 1,
        "--models", ":tiny",
    ),
    "inversions": (
        "--n", 1, "--steps", 2, "--inversion", "ddim", "--models", ":tiny",
    ),
    "magicbrush": (
        ":brush", "--method", "sdedit:num_inference_steps=2", "--turns", "both", "--n", 2,
        "--models", ":tiny",
    ),
    "memory": ("--tiny",),
    "methods": (
        "--n", 1, "--side", 64, "--method", "sdedit:num_inference_steps=2", "--models", ":tiny",
    ),
    "preservation": (
        "--n", 1, "--steps", 2, "--inversion", "direct", "--inversion", "ddim",
        "--models", ":tiny",
    ),
    "ranking": ("--groups", 1, "--edits", 0, "--models", ":tiny"),
    "select": (":photographs", "--models", ":helpers"),
    "starter": ("--n", 1, "--only", "judge", "--models", ":tiny"),
    "traces": ("--n", 2),
    "tradeoff": ("--n", 1, "--side", 32, "--models", ":tiny"),
    "upscale": (":photographs", "--models", ":helpers", "--side", 48),
    "words": ("--sentences", ":sentences", "--models", ":tiny"),
}  # fmt: skip
"""The smallest run of each; words with a colon name fixtures."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Any:
    """Runs a protocol by its name, as the command line does."""
    command = in_process(capsys)

    def called(name: str, *more: object) -> tuple[int, dict[str, Any]]:
        words = [
            request.getfixturevalue(str(word)[1:]) if str(word).startswith(":") else word
            for word in (*RUNS[name], *more)
        ]
        return command("evaluate", name, *words)

    return called


def test_every_protocol_has_its_smallest_run() -> None:
    assert set(RUNS) == set(protocols())


@pytest.mark.parametrize("name", sorted(RUNS))
def test_its_json_has_the_common_form(name: str, run: Any) -> None:
    code, values = run(name)
    assert code == 0
    check("evaluate", values)
    assert values["command"].startswith(f"pentimento evaluate {name}")
    assert values["rows"]
    if name == "inversions":  # only those that are named
        assert {row["name"].split(".")[0] for row in values["rows"]} == {"ddim"}
        assert values["curves"] is None


@pytest.mark.parametrize("name", ["ideas", "ranking", "starter", "upscale", "words"])
def test_what_the_report_folder_holds_is_not_measured_again(
    name: str, run: Any, tmp_path: Path
) -> None:
    _, first = run(name, "--report", tmp_path)
    measured = (tmp_path / "partial" / "values-0.jsonl").read_bytes()
    _, again = run(name, "--report", tmp_path)
    assert (tmp_path / "partial" / "values-0.jsonl").read_bytes() == measured != b""
    assert {**first, "seconds": 0} == {**again, "seconds": 0}


def test_a_report_goes_on_and_says_the_same(run: Any, tmp_path: Path) -> None:
    _, first = run("magicbrush", "--report", tmp_path)
    lines = (tmp_path / "partial" / "values-0.jsonl").read_bytes().splitlines(keepends=True)
    (tmp_path / "partial" / "values-0.jsonl").write_bytes(b"".join(lines[:-3]) + b'{"row"')
    _, again = run("magicbrush", "--report", tmp_path)
    for values in (first, again):
        for row in values["rows"]:
            row.pop("seconds", None)
    assert first["rows"] == again["rows"]
    assert json.loads((tmp_path / "report.json").read_text("utf-8"))["rows"] != []
    assert list((tmp_path / "sheets").glob("*.webp"))
    head = (tmp_path / "report.md").read_text("utf-8").splitlines()[0]
    assert head.startswith("# pentimento evaluate magicbrush brush --method sdedit:num_inference")
    # pytest numbers the folder.
    assert head.rstrip("0123456789").endswith("--turns both --n 2 --seed 0 --models starter")
    code, refused = run("magicbrush", "--report", tmp_path, "--seed", 5)
    assert code == 3
    assert "another seed" in refused["error"]["message"]


def test_clip_columns_bear_the_name_of_their_model(run: Any) -> None:
    _, values = run("magicbrush")
    row = values["rows"][-1]
    assert row["name"] == "multi/sdedit:num_inference_steps=2"
    assert {"clip_i@clip", "clip_t@clip", "direction@clip", "seconds"} <= set(row)
    assert row["dino"] is None
    assert not {"clip_i", "clip_t"} & set(row)
    assert any("DINO" in sentence for sentence in values["missing"])
    assert all("published, photographs" in one["name"] for one in values["reference"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--turns", "never"), "no turns never"),
        (("--table", "storybook-brush"), "--table says"),
        (("--captions", "guessed"), "no captions"),
        (("--n", -1), "--n cannot be -1"),
    ],
)
def test_options_that_do_not_fit(words: tuple[object, ...], said: str, run: Any) -> None:
    code, values = run("magicbrush", *words)
    assert code == 2
    assert said in values["error"]["message"]
