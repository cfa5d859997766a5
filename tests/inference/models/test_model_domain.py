"""What a model says about the only world it knows."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.models.model_domain import STORYBOOK, WORLD_FILE, say_world, world_of

STARTER = Path(__file__).parents[3] / "resources" / "models" / "starter"


def test_every_starter_model_says_its_world() -> None:
    folders = [folder for folder in STARTER.iterdir() if folder.is_dir()]
    assert len(folders) == 6
    assert {world_of(folder) for folder in folders} == {STORYBOOK}


def test_no_starter_model_tells_where_it_was_made() -> None:
    for path in STARTER.rglob("*.json"):
        text = path.read_text("utf-8")
        assert "_name_or_path" not in text, path
        assert "/root/" not in text, path
        assert str(Path.home()) not in text, path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert world_of(tmp_path) == ""
    say_world(tmp_path, "comics")
    assert world_of(tmp_path) == "comics"


@pytest.mark.parametrize(
    "text", ["", "[]", "[" * 3000, '{"world": 3}', "\udc00", "{" + " " * 9000 + "}"]
)
def test_anything_else_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / WORLD_FILE).write_bytes(text.encode("utf-8", "surrogatepass"))
    assert world_of(tmp_path) == ""
