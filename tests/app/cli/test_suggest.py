from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from editor.model.prompt_edit.prompt_edit import prompt_edit
from tests.app.cli.cli_cases import Run, check, picture

CAPTION = "a red house, in a meadow, at noon, clear sky, summer, seen close, flat illustration"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GPT-2 and BLIP of random weights in their true layouts."""
    from tests.inference import tiny_models as tiny

    root = tmp_path_factory.mktemp("models")
    tiny.gpt2(root / "gpt2")
    tiny.blip(root / "blip")
    return root


def test_suggest(run: Run, models: Path, tmp_path: Path) -> None:
    history = tmp_path / "history.json"
    steps = [{"instruction": "make it noon", "prompt": CAPTION, "accepted": True},
             {"instruction": "let it snow", "prompt": "", "accepted": False}]  # fmt: skip
    history.write_text(json.dumps(steps))
    code, values = run("suggest", "--history", history, "--models", models)
    assert code == 0, values
    check("suggest", values)
    assert values["caption"] == CAPTION
    assert values["path"] == steps
    assert len(values["suggestions"]) == 5
    for s in values["suggestions"]:
        edit = prompt_edit(s["source_prompt"], s["target_prompt"])
        assert s["kind"] == edit.kind
        assert [(o["op"], tuple(o["source"]), tuple(o["target"])) for o in s["ops"]] == [
            (o.op, o.source, o.target) for o in edit.ops
        ]
        assert "snow" not in s["target_prompt"]


def test_suggest_from_a_picture_and_a_document(run: Run, models: Path, tmp_path: Path) -> None:
    from editor.formats import open_image
    from editor.model.picture import Picture
    from editor.storage.document import Document

    image = picture(tmp_path)
    code, values = run("suggest", "--image", image, "--count", 6, "--models", models)
    assert code == 0, values
    check("suggest", values)
    assert len(values["suggestions"]) == 6
    opened = Picture.of(open_image(image).image)
    file = tmp_path / "d.pentimento"
    document = Document.create(opened, label="in", state_dir=tmp_path / "state", path=file)
    document.dismiss("make it night").result()
    document.close()
    code, values = run("suggest", "--history", file, "--prompt", CAPTION, "--models", models)
    assert code == 0, values
    check("suggest", values)
    assert values["path"] == [{"instruction": "", "prompt": "", "accepted": True}]
    assert "at night" not in {s["target_prompt"] for s in values["suggestions"]}


def test_caption(run: Run, models: Path, tmp_path: Path) -> None:
    code, values = run("caption", picture(tmp_path), "--models", models, "--count", 3)
    assert code == 0, values
    check("caption", values)
    assert values["model"] == "blip"
    assert len({values["caption"], *values["alternatives"]}) == 1 + len(values["alternatives"]) <= 3


def test_a_caption_of_a_picture_that_the_captioner_does_not_know_is_warned_of(
    run: Run, models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.cli.commands import main

    limited = tmp_path / "limited"
    shutil.copytree(models / "blip", limited / "blip")
    (limited / "blip" / "world.json").write_text('{"world": "storybook"}')
    words = ["caption", str(picture(tmp_path)), "--models"]
    _, values = run(*words, limited)
    check("caption", values)
    assert values["domain"]["fits"] is False
    assert main([*words, str(limited)]) == 0
    printed = capsys.readouterr()
    assert values["warning"] in printed.err
    assert values["caption"] in printed.out
    assert run(*words, models)[1]["warning"] is None


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (["suggest"], 2, "usage"),
        (["suggest", "--prompt", "a house", "--count", "0"], 2, "usage"),
        (["suggest", "--prompt", "a house", "--seed", "-1"], 2, "usage"),
        (["suggest", "--prompt", "a house", "--history", "nowhere.json"], 3, "bad_history"),
        (["suggest", "--prompt", "a house"], 3, "model_missing"),
        (["suggest", "--image", "nowhere.png"], 3, None),
        (["caption", "nowhere.png"], 3, None),
    ],
)
def test_refusals(run: Run, tmp_path: Path, words: list[str], code: int, kind: str | None) -> None:
    (tmp_path / "empty").mkdir()
    got, values = run(*words, "--models", tmp_path / "empty")
    assert got == code
    check(words[0], values)
    assert kind is None or values["error"]["kind"] == kind


def test_a_caption_needs_a_captioner(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, values = run("caption", picture(tmp_path), "--models", tmp_path / "empty")
    assert (code, values["error"]["kind"]) == (3, "model_missing")
    check("caption", values)


def test_in_words(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from app.cli.commands import main

    assert main(["suggest", "--prompt", CAPTION, "--models", str(models)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"Caption: {CAPTION}"
    assert any(mark in line for line in lines for mark in ("+ ", "→"))
