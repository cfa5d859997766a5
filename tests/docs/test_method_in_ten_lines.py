"""The code on the docs page runs, and does what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from editor.formats import open_image

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation doesn't accept:DeprecationWarning"
)

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "method-in-ten-lines.md"


def test_the_lines_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    lines = [line for line in code.splitlines() if line and not line.startswith("from ")]
    assert 1 <= len(lines) <= 10
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, str(PAGE), "exec"), {"__name__": "page"})
    source = open_image(ROOT / "resources/samples/storybook-house.png").image.array()
    night = open_image(tmp_path / "night.png").image.array()
    assert night.shape == source.shape
    assert np.mean(night) < np.mean(source) - 20, "night is darker than day"
