"""A child with one more method: `slow` takes a tenth of a second a step and can misbehave.

It is the real child process in everything else; tests pass it to `EngineClient(command=...)`.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from editor.messages import verbatim
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.selection import Selection
from inference.ipc import child as process
from inference.request import registry
from inference.request.method_progress import MethodProgress
from inference.request.settings import SettingInfo


class Slow:
    def __init__(self, models: object) -> None:
        pass

    def edit(
        self,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: Callable[[MethodProgress], None],
    ) -> list[Patch]:
        settings = dict(requests[0].settings)
        steps = int(settings.get("steps", 5))
        if settings.get("die"):
            os._exit(3)
        if settings.get("hang"):
            on_step(MethodProgress(1, steps))
            threading.Event().wait()
        if settings.get("raise"):
            raise ValueError("as asked")
        if settings.get("print"):
            print("last words", file=sys.stderr, flush=True)
            os._exit(4)
        digest = source.pixel_digest  # every tile must have arrived
        total = sum(int(source.tile(c, r).pixels.sum()) for c, r, _ in source.grid())
        for step in range(steps):
            time.sleep(0.1)
            on_step(MethodProgress(step + 1, steps))
        return [Patch((("digest", digest), ("total", total))) for _ in requests]


registry.METHODS = {
    **registry.METHODS,
    "slow": replace(
        registry.METHODS["adjust"],
        name="slow",
        implementation="slow_child_method:Slow",
        parametric=False,
        variety="seeds",
        settings=(
            SettingInfo(
                "steps",
                verbatim("Steps"),
                verbatim(""),
                kind="integer",
                default=5,
                minimum=0,
                maximum=200,
            ),
            *(
                SettingInfo(name, verbatim(name), verbatim(""), kind="switch", default=False)
                for name in ("die", "hang", "raise", "print")
            ),
        ),
    ),
}
sys.modules["slow_child_method"] = sys.modules[__name__]

if __name__ == "__main__":
    sys.exit(process.main())
