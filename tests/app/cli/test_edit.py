from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pil

from editor.formats import open_image, save_image
from editor.model.image import Image, Metadata
from editor.model.picture import Picture
from editor.storage.document import Document
from tests.app.cli.cli_cases import ROOT, Run, check, mask, picture, program

WORDS = "warmer, and lift the shadows a little"


def test_the_contract(run: Run, tmp_path: Path) -> None:
    source = picture(tmp_path)
    code, result = run("edit", source, WORDS, "-o", tmp_path / "out")
    assert code == 0
    check("edit", result)
    out = tmp_path / "out"
    assert json.loads((out / "result.json").read_text("utf-8")) == result
    names = [c["file"] for c in result["candidates"]]
    assert len(names) == 4
    assert {p.name for p in out.iterdir()} == {*names, "sheet.png", "result.json"}
    assert [c["rank"] for c in result["candidates"]] == [1, 2, 3, 4]
    assert [n[:2] for n in names] == ["01", "02", "03", "04"]
    assert all(n.endswith("-adjust-0.png") for n in names)
    assert len({c["key"] for c in result["candidates"]}) == 4
    assert result["instruction"]["text"] == WORDS
    assert result["source"]["pixel_digest"] == open_image(source).image.pixel_digest
    first = result["candidates"][0]
    assert any(entry["reason"] for entry in result["candidates"])
    assert first["scores"]["asked"] > 0
    assert first["scores"]["outside"] is None
    assert [first["scores"][n] for n in ("direction", "image", "target")] == [None] * 3
    for entry in result["candidates"]:
        assert tuple(entry["size"]) == (300, 200)
        assert not open_image(out / entry["file"]).image.equals(open_image(source).image)
    with Pil.open(out / "sheet.png") as sheet:
        assert sheet.width > 600


def test_depth_and_profile_are_kept_and_outside_is_byte_equal(run: Run, tmp_path: Path) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    source = picture(tmp_path, "in16.png", dtype="uint16")
    image = open_image(source).image
    save_image(replace(image, meta=Metadata(icc=profile, dpi=(300.0, 300.0))), source)
    image = open_image(source).image
    coverage = open_image(mask(tmp_path)).image.array()[:, :, 0]
    code, result = run(
        "edit", source, "warmer", "-o", tmp_path / "out", "--selection", tmp_path / "mask.png"
    )
    assert code == 0
    check("edit", result)
    assert result["source"]["depth"] == 16
    for entry in result["candidates"]:
        assert entry["scores"]["outside"] == 0.0
        made = open_image(tmp_path / "out" / entry["file"]).image
        assert (made.depth, made.width, made.height) == (16, 300, 200)
        assert made.meta.icc == profile
        assert np.array_equal(made.array()[coverage == 0], image.array()[coverage == 0])
        assert not np.array_equal(made.array()[coverage == 255], image.array()[coverage == 255])


def test_no_rank_keeps_request_order(run: Run, tmp_path: Path) -> None:
    code, result = run(
        "edit", picture(tmp_path), "warmer", "-o", tmp_path / "out", "--no-rank", "--count", 2
    )
    assert code == 0
    check("edit", result)
    assert [c["rank"] for c in result["candidates"]] == [1, 2]
    assert result["candidates"][0]["scores"]["asked"] is None


def test_settings_by_hand_and_geometry(run: Run, tmp_path: Path) -> None:
    source = picture(tmp_path)
    code, result = run(
        "edit", source, "", "-o", tmp_path / "out", "--set", "exposure=0.5", "--set",
        "crop_ratio=1,1", "--seed", 9,
    )  # fmt: skip
    assert code == 0
    (only,) = result["candidates"]
    assert only["settings"] == {"exposure": 0.5, "crop_ratio": [1.0, 1.0]}
    assert only["size"] == [200, 200]
    assert only["file"] == "01-adjust-9.png"


def test_the_same_command_gives_the_same_pixels(run: Run, tmp_path: Path) -> None:
    source = picture(tmp_path)
    digests = []
    for name in ("one", "two"):
        _, result = run("edit", source, "film grain", "-o", tmp_path / name, "--seed", 3)
        files = [tmp_path / name / c["file"] for c in result["candidates"]]
        digests.append([open_image(f).image.pixel_digest for f in files])
    assert digests[0] == digests[1]


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (["IN", "xyzzy plugh", "-o", "OUT"], 3, "not_understood"),
        (["IN", "darken the sky", "-o", "OUT"], 3, "selection_needed"),
        (["missing.png", "warmer", "-o", "OUT"], 3, None),
        (["TEXT", "warmer", "-o", "OUT"], 3, "unsupported_image"),
        (["IN", "warmer", "-o", "IN"], 3, "output_exists"),
        (["IN", "warmer", "-o", "OUT", "--method", "magic"], 2, "unknown_method"),
        (["IN", "warmer", "-o", "OUT", "--set", "exposure=9"], 2, "bad_setting"),
        (["IN", "warmer", "-o", "OUT", "--set", "exposure"], 2, "usage"),
        (["IN", "warmer", "-o", "OUT", "--count", "0"], 2, "usage"),
        (["IN", "warmer", "-o", "OUT", "--seed", "-1"], 2, "usage"),
        (["IN", "warmer", "-o", "OUT", "--count", "x"], 2, "usage"),
        (["IN", "warmer"], 2, "usage"),
        (["IN", "warmer", "-o", ""], 2, "usage"),
        (["", "warmer", "-o", "OUT"], 2, "usage"),
        (["IN", "warmer", "-o", "OUT", "--selection", "SMALL"], 3, None),
        (["IN", "warmer", "-o", "OUT", "--selection", "BLACK"], 3, None),
        (["IN", "warmer", "-o", "OUT", "--models", "nowhere"], 3, None),
    ],
)
def test_refusals(run: Run, tmp_path: Path, words: list[str], code: int, kind: str | None) -> None:
    (tmp_path / "notes.txt").write_text("not a picture")
    black = tmp_path / "black.png"
    Pil.new("L", (300, 200)).save(black)
    names = {
        "IN": picture(tmp_path), "OUT": tmp_path / "out", "TEXT": tmp_path / "notes.txt",
        "SMALL": picture(tmp_path, "small.png", 20, 20), "BLACK": black,
    }  # fmt: skip
    before = sorted(p.name for p in tmp_path.iterdir())
    got, values = run("edit", *[names.get(w, w) for w in words])
    assert got == code, values
    check("edit", values)
    error = values["error"]
    if kind:
        assert error["kind"] == kind
    assert error["message"].endswith((".", ":")) or kind == "usage"
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "home") == before


def test_bugs_end_with_one_and_leave_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("as asked")

    monkeypatch.setattr("app.cli.edit_output.save_image", broken)
    code, values = run("edit", picture(tmp_path), "warmer", "-o", tmp_path / "out")
    assert code == 1
    assert values["error"]["kind"] == "bug"
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "home") == ["in.png"]


def test_full_disk_leaves_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    calls = []

    def full(path: Path, *args: object) -> None:
        calls.append(path)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("app.cli.edit_output.write_sheet", full)
    code, values = run("edit", picture(tmp_path), "warmer", "-o", tmp_path / "out")
    assert code == 3
    assert values["error"]["kind"] == "disk_full"
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "home") == ["in.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
@pytest.mark.parametrize("command", ["edit", "export"])
def test_a_disk_that_is_really_full_leaves_nothing(tmp_path: Path, command: str) -> None:
    """No file may become larger than 20 KB: to the program the same as a full disk."""
    import resource

    source = picture(tmp_path)
    file = tmp_path / "d.pentimento"
    opened = Picture.of(open_image(source).image)
    Document.create(opened, label="in", state_dir=tmp_path, path=file).close()
    before = sorted(p.name for p in tmp_path.iterdir())
    words = {
        "edit": ["edit", str(source), "warmer", "-o", str(tmp_path / "o")],
        "export": ["export", str(file), "--node", "head", "-o", str(tmp_path / "o.png")],
    }[command]
    done = program(
        *words, "--json",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert json.loads(done.stdout)["error"]["kind"] == "disk_full"
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "home") == before


def test_no_torch_and_no_qt(tmp_path: Path) -> None:
    source = picture(tmp_path)
    code = (
        "import sys\nfrom app.__main__ import main\n"
        f"assert main(['edit', {str(source)!r}, 'warmer', '-o', {str(tmp_path / 'o')!r}]) == 0\n"
        "bad = {m.split('.')[0] for m in sys.modules} & "
        "{'torch', 'diffusers', 'transformers', 'open_clip', 'accelerate', 'PySide6'}\n"
        "assert not bad, bad\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_piped_output_is_only_the_table(tmp_path: Path) -> None:
    done = program("edit", str(picture(tmp_path)), WORDS, "-o", str(tmp_path / "out"))
    assert done.returncode == 0
    assert done.stderr == ""
    assert "\r" not in done.stdout
    assert "Read as: " in done.stdout
    assert "01-adjust-0.png" in done.stdout


def test_a_plain_locale_is_survived(tmp_path: Path) -> None:
    env = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    for more in ([], ["--json"]):
        done = program(
            "edit", str(picture(tmp_path)), WORDS, "-o", str(tmp_path / "out"), *more, env=env
        )
        assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["candidates"]


def test_progress_on_a_terminal(tmp_path: Path) -> None:
    main, worker = pty.openpty()
    source = picture(tmp_path, width=500, height=400)
    done = subprocess.run(
        [sys.executable, "-m", "app", "edit", str(source), WORDS, "-o", str(tmp_path / "o")],
        cwd=ROOT, stderr=worker, stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    os.close(worker)
    shown = os.read(main, 100_000).decode()
    os.close(main)
    assert "scoring" in shown
    assert "#" in shown
    assert "#" not in done.stdout


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture whose edit takes long enough to be ended in the middle."""
    folder = tmp_path_factory.mktemp("large")
    small = open_image(picture(folder, "small.png")).image.array()
    save_image(Image.from_array(np.tile(small, (13, 12, 1))), folder / "large.png")
    return folder / "large.png"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupting_ends_with_130_and_leaves_nothing(
    tmp_path: Path, large: Path, number: int
) -> None:
    source = tmp_path / "in.png"
    os.link(large, source)
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "edit", str(source), WORDS, "-o", str(tmp_path / "o"),
         "--json"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A shell's background jobs begin with SIGINT ignored, and so would this one.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip
    while not list(tmp_path.glob(".o.partial-*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(number)
    out, _ = process.communicate()
    assert process.returncode == 130
    assert json.loads(out)["error"]["kind"] == "cancelled"
    assert sorted(p.name for p in tmp_path.iterdir() if p.name != "home") == ["in.png"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_nohup_is_respected(tmp_path: Path) -> None:
    source = picture(tmp_path, width=1800, height=1200)
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "edit", str(source), WORDS, "-o", str(tmp_path / "o"),
         "--count", "2"],
        cwd=ROOT, stdout=subprocess.DEVNULL,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),  # noqa: PLW1509
    )  # fmt: skip
    while not list(tmp_path.glob(".o.partial-*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGHUP)
    assert process.wait() == 0
    assert (tmp_path / "o" / "result.json").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_what_a_killed_process_left_is_removed_by_the_next(tmp_path: Path, large: Path) -> None:
    source = tmp_path / "in.png"
    os.link(large, source)
    words = [sys.executable, "-m", "app", "edit", str(source), WORDS, "-o", str(tmp_path / "o")]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL)
    while not list(tmp_path.glob(".o.partial-*")) and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert list(tmp_path.glob(".o.partial-*")), "it was killed while it worked"
    small = picture(tmp_path, "small.png")
    done = program("edit", str(small), "warmer", "-o", str(tmp_path / "o"))
    assert done.returncode == 0, done.stderr
    left = sorted(p.name for p in tmp_path.iterdir() if p.name != "home")
    assert left == ["in.png", "o", "small.png"]


def test_a_mask_with_alpha_and_colours(tmp_path: Path) -> None:
    from app.cli.inputs import open_selection

    pixels = np.zeros((4, 4, 4), np.uint8)
    pixels[:, :, :3] = 255
    pixels[1, 1, 3] = 255
    pixels[2, 2] = (255, 255, 0, 255)
    file = tmp_path / "m.png"
    Pil.fromarray(pixels).save(file)
    selection, remarks = open_selection(file, Image.from_array(np.zeros((4, 4, 3), np.uint8)))
    expected = np.zeros((4, 4), np.uint8)
    expected[1, 1], expected[2, 2] = 255, 170
    assert np.array_equal(selection.array(), expected)
    assert remarks == ()
