"""What the engine's process does between its jobs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, cast

import psutil
import pytest

from inference.ipc.child import Server
from inference.ipc.client import EngineClient
from inference.ipc.pixel_transport import MappedTiles
from inference.ipc.protocol import DropTiles, FindDevice, SearchModels
from inference.models.store import ModelStore
from inference.request.jobs import EngineReady
from inference.workflow.engine import Engine
from tests.inference.engine_cases import until_ready
from tests.inference.models.test_store import pipeline


class Served(Exception):
    """The order that ends the test has come."""


class EndingTiles:
    def drop(self, files: tuple[str, ...]) -> None:
        raise Served


def test_models_that_came_are_found_without_a_restart(tmp_path: Path) -> None:
    engine = Engine(ModelStore((tmp_path,)))
    assert not engine.models.found
    pipeline(tmp_path / "new", "StableDiffusionPipeline")
    server = Server(cast(Any, None), engine, cast(MappedTiles, EndingTiles()))
    server._orders.put(SearchModels((tmp_path,)))
    server._orders.put(DropTiles(()))
    with pytest.raises(Served):
        server.serve()
    assert [one.id for one in engine.models.found] == ["new"]


def test_where_models_run_is_sent_once_though_there_are_no_models() -> None:
    sent: list[object] = []
    server = Server(cast(Any, None), Engine(ModelStore()), cast(MappedTiles, EndingTiles()))
    server.send = sent.append  # type: ignore[method-assign,assignment]  # what the window would get
    for order in (FindDevice(), FindDevice(), DropTiles(())):
        server._orders.put(order)
    with pytest.raises(Served):
        server.serve()
    (ready,) = sent
    assert isinstance(ready, EngineReady)
    assert ready.device_info is not None
    assert ready.device_info.bytes > 0


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="reads the command line of another process"
)
def test_a_child_that_is_started_later_searches_the_folders_of_now(
    client: EngineClient, tmp_path: Path
) -> None:
    until_ready(client)
    client.search_models([tmp_path / "added"])
    client.poll(0)
    before = client.pid
    client.kill()
    while client.pid == before or not client.is_ready:
        client.poll(0.1)
    words = psutil.Process(client.pid).cmdline()
    assert [words[n + 1] for n, w in enumerate(words) if w == "--models"] == [
        str(tmp_path / "added")
    ]
