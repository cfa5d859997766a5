"""An artist's first minute: the sample, the models that come along, one instruction.

Nothing is asked of the network. The picture is read by the judge, which has no part in making or
ranking it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pil

from tests.end2end.network_recorder import connections, recording

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "samples" / "storybook-house.png"
WORDS = "make it night"

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in recording(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)  # the program sets it
    yield
    assert connections(tmp_path) == []


def program(*words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def read(file: Path, models: Path) -> dict[str, str]:
    """What the judge sees in a picture."""
    from inference.lab.evaluation.starter.attributes import judged
    from inference.lab.training.judge import load_judge

    with Pil.open(file) as opened:
        small = opened.convert("RGB").resize((128, 128), Pil.Resampling.BOX)
    return judged(load_judge(models / "judge"), np.array(small)[None])[0]


def test_without_a_display_the_sample_is_repainted_as_asked(
    starter_models: Path, tmp_path: Path
) -> None:
    """What the window does there too: `pentimento edit` with these words on the sample."""
    gone = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}
    done = program(PENTIMENTO_HOME=str(tmp_path), **gone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert WORDS in done.stdout
    assert (tmp_path / "window.png").is_file()
    folder = tmp_path / "demo"
    result: dict[str, Any] = json.loads((folder / "result.json").read_text("utf-8"))
    assert {c["method"] for c in result["candidates"]} == {"instruct_pix2pix"}
    assert len(result["candidates"]) == 4
    assert result["domain"]["fits"]
    assert "night" in result["instruction"]["target_prompt"]
    first = result["candidates"][0]
    assert first["scores"]["direction"] is not None
    before, after = read(SAMPLE, starter_models), read(folder / first["file"], starter_models)
    assert before["light"] == "noon"
    assert after["light"] == "night"
    assert after["subject"] == before["subject"] == "house"
    with Pil.open(folder / first["file"]) as made, Pil.open(SAMPLE) as source:
        assert made.size == source.size
