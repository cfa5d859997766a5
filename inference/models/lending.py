"""Models whose language model serves other roles too, in the same memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from editor.model.model_ref import ModelRef
from inference.models.families import families
from inference.models.found_model import FoundModel

if TYPE_CHECKING:
    from inference.models.loaded import LoadedPipeline


_Kind = TypeVar("_Kind")


class Lending(Protocol):
    """What is needed of a `ModelStore`."""

    def ref(self, model: FoundModel) -> ModelRef:
        """What is recorded of a model."""

    def using(self, refs: Sequence[ModelRef]) -> AbstractContextManager[None]:
        """For that time only these models serve."""

    def pipeline(self, role: str) -> LoadedPipeline:
        """The stock pipeline of a role."""


def lenders(found: Iterable[FoundModel], role: str) -> tuple[FoundModel, ...]:
    """The models that lend a part for a role, as if they were found for it."""
    return tuple(
        replace(model, role=role) for model in found if role in families()[model.family].lends
    )


def is_lent(model: FoundModel) -> bool:
    """True for a model in a role for which it lends a part."""
    return model.role in families()[model.family].lends


def ready_to_serve(
    models: Iterable[FoundModel], chosen: str | None, is_loaded: Callable[[Path], bool]
) -> list[FoundModel]:
    """Without those that would have to be loaded whole for a part that nobody chose.

    Args:
        models: that can serve a role.
        chosen: name of the artist's choice.
        is_loaded: whether the model of a folder is in memory.
    """
    return [one for one in models if not is_lent(one) or one.id == chosen or is_loaded(one.folder)]


def lent(store: Lending, model: FoundModel, kind: type[_Kind]) -> _Kind:
    """The part of a model for its role; the model is loaded if it is not, and nothing else.

    Args:
        store: loads it.
        model: one of `lenders`.
        kind: class of what the family lends for this role.
    """
    family = families()[model.family]
    own = replace(model, role=family.roles[0])
    with store.using((store.ref(own),)):
        pipeline = store.pipeline(own.role)
    if model.role not in pipeline.lent:
        pipeline.lent[model.role] = family.lent(model.role, pipeline)
    part = pipeline.lent[model.role]
    assert isinstance(part, kind)  # as the family says
    return part
