"""Which of several models serves: the artist's choice, then domain fit, then name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from editor.messages import Message
from inference.models.found_model import FoundModel
from inference.models.model_domain import world_of
from inference.models.roles import SUBSTITUTES
from inference.models.upscaler_scale import for_factor

Fits = Callable[[FoundModel], bool | None]
"""Whether the picture at hand belongs to the world a model is limited to; None for a model that
is limited to none."""


@dataclass(frozen=True)
class ServingModel:
    """The model that serves a role, and why it and no other.

    Attributes:
        model: it.
        reason: one sentence part, such as "you chose it".
        others: how many more could serve.
    """

    model: FoundModel
    reason: Message
    others: int = 0


def fits_unknown(model: FoundModel) -> bool | None:
    """Without a picture: a model that is limited to one world is the lesser choice."""
    return False if world_of(model.folder) else None


def able_to_serve(
    found: Sequence[FoundModel], role: str
) -> tuple[tuple[FoundModel, ...], tuple[FoundModel, ...]]:
    """The models made for a role, and those of another role that can serve it (`SUBSTITUTES`)."""
    own = tuple(model for model in found if model.role == role)
    others = [model for model in found if model.role == SUBSTITUTES.get(role)]
    return own, tuple(replace(model, role=role) for model in others)


def serving(
    models: Sequence[FoundModel],
    chosen: str | None = None,
    fits: Fits = fits_unknown,
    factor: float | None = None,
) -> ServingModel | None:
    """Choose among the models of one role.

    Models made for pictures like the one at hand go before general ones, and those before models
    of another world; then the scale of upscalers, then the name decides.

    Args:
        models: all of the role.
        chosen: name of the artist's choice; one that is not there chooses nothing.
        fits: asked only where there are several models and none is chosen.
        factor: how many times longer a side is to become, None where that is not known yet.

    Returns:
        None where there is no model.
    """
    if not models:
        return None
    others = len(models) - 1
    for model in models:
        if model.id == chosen:
            return ServingModel(model, Message("serving.chosen"), others)
    if not others:
        return ServingModel(models[0], Message("serving.only"))
    ranks = {model.folder: _RANKS[fits(model)] for model in models}
    first = min(models, key=lambda model: (ranks[model.folder], model.id.lower(), model.id))
    best = ranks[first.folder]
    rivals = [model for model in models if ranks[model.folder] == best]
    if any(model.scale is not None for model in rivals):
        first = for_factor(rivals, factor or 1.0)
        return ServingModel(first, _reason_of_scale(first, rivals, factor), others)
    if len(rivals) > 1:
        reason = Message("serving.name", count=len(rivals))
    else:
        reason = Message("serving.fits" if best == _RANKS[True] else "serving.general")
    return ServingModel(first, reason, others)


def _reason_of_scale(
    first: FoundModel, rivals: Sequence[FoundModel], factor: float | None
) -> Message:
    if len({model.scale for model in rivals}) == 1:
        return Message("serving.name", count=len(rivals))
    if factor is None:
        return Message("serving.any_factor")
    reaches = first.scale is not None and first.scale >= factor
    return Message("serving.factor" if reaches else "serving.factor_again", factor=factor)


_RANKS: dict[bool | None, int] = {True: 0, None: 1, False: 2}


def distinct_ids(models: Iterable[FoundModel]) -> tuple[FoundModel, ...]:
    """The models, each with its folder where two of a role have one name."""
    found = tuple(models)
    taken: dict[tuple[str, str], int] = {}
    for model in found:
        taken[model.role, model.id] = taken.get((model.role, model.id), 0) + 1
    return tuple(
        replace(model, id=_longer_id(model)) if taken[model.role, model.id] > 1 else model
        for model in found
    )


def _longer_id(model: FoundModel) -> str:
    """With the folder above, or the revision in a hub cache."""
    if model.folder.parent.name == "snapshots":
        return f"{model.id}@{model.folder.name[:8]}"
    return f"{model.folder.parent.name}/{model.id}"
