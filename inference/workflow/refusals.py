"""Why words are not carried out, where several reasons could be given."""

from __future__ import annotations

from collections.abc import Sequence

from editor.errors import NotUnderstood, SelectionNeeded
from editor.messages import Message, verbatim
from editor.model.image import Image
from editor.render.adjustments.geometry import Frame
from editor.tone import Reading
from inference.language.direction import WordsUnknown
from inference.models.model_domain import ModelDomain
from inference.request.image_ref import ImageRef
from inference.request.registry import MethodInfo


class OutsideModels(NotUnderstood):
    """Only repainting could do it, and no model here knows such a picture."""

    kind = "outside_models"


Unread = NotUnderstood | SelectionNeeded
"""Why tone and colour has no reading of some words."""


def with_models(unread: Unread) -> Unread:
    """The refusal of tone and colour, with the advice that a model could do more."""
    if isinstance(unread, NotUnderstood):
        unread.fix = Message("do.or_add_model", fix=unread.fix or verbatim(""))
    return unread


def refuse_same_shape(readings: Sequence[Reading], source: Image | ImageRef) -> None:
    """Refuse a crop to the shape that the picture has.

    Raises:
        NotUnderstood: nothing else is asked for.
    """
    if not isinstance(source, Image):
        return
    for reading in readings:
        asked = reading.adjustments
        frame = Frame.of(source.width, source.height, asked)
        crops = asked.crop_ratio is not None and asked.in_place().is_neutral
        if not (crops and frame.is_nearly_same):
            return
    if readings:
        raise NotUnderstood(Message("words.same_shape"), Message("do.say_crop"))


def outside_refusal(
    text: str,
    unread: Unread | None,
    sampling: Sequence[MethodInfo],
    worlds: Sequence[ModelDomain],
) -> Unread:
    """Why nothing is done where tone and colour cannot and the models do not know the picture.

    Words that some model could paint on a picture of its own are not unknown; the picture is.

    Args:
        text: the words.
        unread: why tone and colour does not read them; None where only these methods could do it.
        sampling: methods that would repaint the picture if they were named, one or more.
        worlds: of their models.
    """
    world = next((one for one in worlds if unread is None or one.mentions(text)), None)
    if unread is not None and (isinstance(unread, SelectionNeeded) or world is None):
        return with_models(unread)
    assert world is not None, "a method is left out for its world"
    fix = Message("do.name_method", method=sampling[0].name)
    nearest = unread.nearest if isinstance(unread, NotUnderstood) else ()
    return OutsideModels(world.outside_note("refused"), fix, nearest)


def nearer(error: WordsUnknown, unread: Unread | None) -> Unread:
    """The more helpful of two refusals: that of the models and that of tone and colour."""
    if isinstance(unread, SelectionNeeded):
        return unread
    if unread is not None and unread.nearest:
        return WordsUnknown(error.message, unread.fix, unread.nearest)
    return error
