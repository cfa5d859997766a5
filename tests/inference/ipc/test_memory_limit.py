"""What models may take of the memory, on its way to the child."""

from __future__ import annotations

from pathlib import Path

from inference.ipc.client import EngineClient
from inference.ipc.protocol import LimitMemory
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
