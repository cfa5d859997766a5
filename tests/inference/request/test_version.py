from __future__ import annotations

import tomllib
from pathlib import Path

from inference.request.version import VERSION


def test_version_is_the_projects() -> None:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == VERSION
