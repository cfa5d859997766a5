from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import pytest

from app.cli import display
from tests.app.cli.cli_cases import ROOT, Run, check, program


def test_doctor(run: Run, tmp_path: Path) -> None:
    models = tmp_path / "models"
    (models / "bad").mkdir(parents=True)
    (models / "bad" / "model.ckpt").write_bytes(b"x")
    code, report = run("doctor", "--models", models)
    assert code == 0
    check("doctor", report)
    assert report["methods"][0] == {
        "name": "adjust", "ready": True, "missing": [], "models": [],
    }  # fmt: skip
    assert report["refused"][0]["reason"].startswith("Only safetensors are loaded. .ckpt")
    assert report["models"] == []


def test_storybook(run: Run, tmp_path: Path) -> None:
    code, values = run("storybook", tmp_path / "s", "--count", 2, "--size", 64)
    assert code == 0
    assert values["count"] == 2
    assert (tmp_path / "s" / "scenes.jsonl").is_file()
    code, values = run("storybook", tmp_path / "s", "--count", 2)
    assert (code, values["error"]["kind"]) == (3, "output_exists")


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--help"], 0), (["--version"], 0), (["--nonsense"], 2), (["edit", "--help"], 0),
     (["edit"], 2), (["history"], 2)],
)  # fmt: skip
def test_words_of_the_program(words: list[str], code: int) -> None:
    done = program(*words)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_selftest() -> None:
    done = program("--selftest")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "OK"


def test_without_a_display_the_terminal_does_the_job(tmp_path: Path) -> None:
    gone = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    home = tmp_path / "demo-home"
    done = program(env={**gone, "PENTIMENTO_HOME": str(home)})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no display" in done.stdout
    for name in ("demo/sheet.png", "demo/result.json", "window.png"):
        assert (home / name).is_file(), done.stdout
    assert str(home / "window.png") in done.stdout


def test_display_is_judged_before_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert display.missing_display().startswith("There is no display here")
    monkeypatch.setenv("DISPLAY", ":9937")
    assert display.missing_display() == "The display :9937 does not answer."
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display.missing_display() == ""


def test_the_main_module_begins_as_it_must() -> None:
    """Environment before imports; freeze_support first under the guard (else a fork bomb)."""
    tree = ast.parse((ROOT / "app" / "__main__.py").read_text("utf-8"))
    lines = [ast.unparse(node) for node in tree.body]
    imports = [n for n, line in enumerate(lines) if line.startswith(("import", "from"))]
    assert lines[imports[0]] == "import os"
    assert lines[imports[0] + 1].startswith("os.environ.setdefault('HF_HUB_OFFLINE'")
    guard = tree.body[-1]
    assert isinstance(guard, ast.If)
    assert ast.unparse(guard.body[0]) == "multiprocessing.freeze_support()"


def test_the_environment_is_offline() -> None:
    import app.__main__  # noqa: F401

    assert os.environ["HF_HUB_OFFLINE"] == "1"


@pytest.mark.parametrize(
    ("word", "hint"), [("exprot", "Did you mean export? "), ("opne", ""), ("frobnicate", "")]
)
def test_a_mistyped_command_is_no_file(
    word: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.__main__ import main

    assert main([word, "x.png"]) == 2
    stderr = capsys.readouterr().err
    assert stderr.startswith(
        f"pentimento: “{word}” is neither a command nor a file here. {hint}Commands: edit, "
    )
    assert main([word, "x.png", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "usage"


@pytest.mark.parametrize("name", ["opne", "missing.png", "folder/picture"])
def test_files_go_to_the_window(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.__main__ import main

    opened: list[str] = []

    def run(words: list[str]) -> int:
        opened.extend(words)
        return 0

    monkeypatch.setattr("app.window.program.run", run)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "opne").write_bytes(b"")
    assert main([name]) == 0
    assert opened == [name]
