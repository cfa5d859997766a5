from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.selection import Selection
from inference.request.method_progress import OnStep


class EditMethod(Protocol):
    """One editing method: one file here, with its `INFO`, in which `implementation` names it.

    A method may have `facts`, a dict of what is recorded beside the keys of its last edit (device,
    type, library versions), `request_facts`, such a dict for each key, and `regions`, by key the
    `EditRegion` that the words are about, outside of which the picture is to be kept. It loads its
    models through `ModelStore` at each edit and keeps none; the store's `check` lets a cancel
    through while it works.
    """

    def __init__(self, models: Any) -> None: ...

    def edit(
        self,
        requests: Sequence[EditRequest],
        source: Image,
        selection: Selection | None,
        on_step: OnStep,
    ) -> list[Patch]:
        """One patch per request, in order.

        Args:
            requests: of this method, sharing source, selection, models, work size and steps.
            source: the picture whose digest the requests name.
            selection: the coverage whose digest they name, None for everywhere.
            on_step: after every step.
        """
        ...
