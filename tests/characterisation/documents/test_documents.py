"""Documents of the program before the rebuilding open as they did."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.characterisation import comparing
from tests.characterisation.documents import store, telling

EXPECTED = Path(__file__).with_name("expected")


def test_there_is_an_expectation_for_each() -> None:
    assert len(store.names()) == 10
    assert store.names() == sorted(path.stem for path in EXPECTED.glob("*.json"))


@pytest.mark.parametrize("name", store.names())
def test_it_opens_as_it_did(name: str, tmp_path: Path) -> None:
    found = comparing.masked(telling.told(name, tmp_path), {str(tmp_path): "<here>"})
    expected = comparing.read(EXPECTED / f"{name}.json")
    wrong = list(comparing.differences(expected, found, comparing.STRICT))
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("name", store.names())
def test_it_can_be_written_and_finished(name: str, tmp_path: Path) -> None:
    nodes = comparing.read(EXPECTED / f"{name}.json")["nodes"]
    expected = {
        node_id: (node["image"] or node["made again"])["pixels"] for node_id, node in nodes.items()
    }
    assert telling.finished(name, tmp_path / "copy") == expected
