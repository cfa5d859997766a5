"""Orders that every child is given: memory, folders of models, where models run."""

from __future__ import annotations

from pathlib import Path

from inference.ipc.client import EngineClient
from inference.ipc.protocol import FindDevice, LimitMemory, SearchModels
from inference.request.device_info import DeviceInfo
from inference.request.jobs import EngineReady


def test_a_memory_limit_reaches_every_child_before_its_first_job(tmp_path: Path) -> None:
    sent: list[object] = []
    client = EngineClient(tmp_path, command=["never started"])
    client._send = sent.append  # type: ignore[method-assign,assignment]  # what the child would get
    client.limit_memory(5)
    client._take_inbox([])
    assert sent == [], "there is no child yet"
    ready = EngineReady("CPU", "1", 1)
    client._take(ready, [])
    client._take(ready, [])  # said once more when its device is known
    assert sent == [LimitMemory(5)]
    client.limit_memory(None)
    client._take_inbox([])
    assert sent == [LimitMemory(5), LimitMemory(None)]
    client.close()


def test_folders_and_the_device_are_asked_of_a_child_that_is_ready_and_no_earlier(
    tmp_path: Path,
) -> None:
    sent: list[object] = []
    client = EngineClient(tmp_path, command=["never started"])
    client._send = sent.append  # type: ignore[method-assign,assignment]  # what the child would get
    client.search_models([tmp_path])
    client.find_device()
    client._take_inbox([])
    assert sent == [], "an order before the greeting would be taken for an answer to it"
    client._take(EngineReady("CPU", "1", 1), [])
    assert sent == [SearchModels((tmp_path,)), FindDevice()]
    cpu = DeviceInfo("cpu", "CPU", frozenset(), 5)
    client._take(EngineReady("CPU", "1", 1, device_info=cpu), [])
    client._ready = False  # it ended
    client._take(EngineReady("CPU", "1", 2), [])
    assert sent[2:] == [SearchModels((tmp_path,))], "where models run is known"
    client.close()
