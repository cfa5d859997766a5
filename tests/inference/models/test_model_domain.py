"""What a model says about the only world it knows."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.messages import Message, verbatim
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.ipc.domains import STORYBOOK
from inference.models import model_domain
from inference.models.found_model import FoundModel
from inference.models.model_domain import (
    WORLD_FILE,
    ModelDomain,
    Route,
    Speaker,
    domain_of_model,
    domain_verdict,
    world_of,
    write_world,
)
from inference.request.analysis import Domain

STARTER = Path(__file__).parents[3] / "resources" / "models" / "starter"


def test_every_starter_model_says_its_world() -> None:
    folders = [folder for folder in STARTER.iterdir() if folder.is_dir()]
    assert len(folders) == 8
    assert {world_of(folder) for folder in folders} == {STORYBOOK}


def test_no_starter_model_tells_where_it_was_made() -> None:
    for path in STARTER.rglob("*.json"):
        text = path.read_text("utf-8")
        assert "_name_or_path" not in text, path
        assert "/root/" not in text, path
        assert str(Path.home()) not in text, path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert world_of(tmp_path) == ""
    write_world(tmp_path, "comics")
    assert world_of(tmp_path) == "comics"


@pytest.mark.parametrize(
    "text", ["", "[]", "[" * 3000, '{"world": 3}', "\udc00", "{" + " " * 9000 + "}"]
)
def test_anything_else_says_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / WORLD_FILE).write_bytes(text.encode("utf-8", "surrogatepass"))
    assert world_of(tmp_path) == ""


class _Comics:
    """A world that knows only square pictures."""

    def fits(self, pixels: NDArray[np.uint8]) -> Domain:
        return Domain(pixels.shape[0] == pixels.shape[1], 0.5)

    def rewrite(self, instruction: Instruction) -> str:
        return instruction.text.upper()

    def route(self, text: str) -> Route | None:
        return "adjust" if text == "inked" else None

    def mentions(self, text: str) -> bool:
        return "hero" in text

    def outside_note(self, speaker: Speaker) -> Message:
        return verbatim(f"no comic for the {speaker}")


def _found(folder: Path) -> FoundModel:
    return cast(FoundModel, SimpleNamespace(folder=folder))


def test_a_model_gets_the_domain_registered_for_its_world(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_domain, "_LOADERS", dict(model_domain._LOADERS))
    loads: list[int] = []

    def load() -> ModelDomain:
        loads.append(1)
        return _Comics()

    model_domain.register_domain("comics", load)
    assert domain_of_model(None) is None
    assert domain_of_model(_found(tmp_path)) is None
    write_world(tmp_path, "a world nobody registered")
    assert domain_of_model(_found(tmp_path)) is None
    assert not loads
    write_world(tmp_path, "comics")
    domain = domain_of_model(_found(tmp_path))
    assert isinstance(domain, _Comics)
    assert domain_of_model(_found(tmp_path)) is domain
    assert len(loads) == 1
    assert domain_verdict(domain, Image.from_array(np.zeros((9, 9, 3), np.uint8))).fits
    assert not domain_verdict(domain, Image.from_array(np.zeros((9, 20, 3), np.uint8))).fits
