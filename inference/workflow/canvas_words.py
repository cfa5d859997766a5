"""Words that ask for a larger picture, and the methods that make one."""

from __future__ import annotations

from inference.language.enlargement_words import read_enlargement
from inference.language.extension_words import read_extension
from inference.models.store import ModelStore
from inference.request import registry
from inference.request.registry import MethodInfo


def for_canvas(methods: list[MethodInfo], text: str, models: ModelStore) -> list[MethodInfo]:
    """Those that make a picture larger where the words ask for that, else those that do not.

    All where there are none.

    Raises:
        ModelMissing: the words ask for more pixels, and no model draws them.
    """
    extends = read_extension(text) is not None
    enlarges = not extends and read_enlargement(text) is not None
    wanted = [i for i in methods if (i.extends, i.enlarges) == (extends, enlarges)]
    if enlarges and not wanted:
        for info in registry.METHODS.values():
            if info.enlarges:
                models.require(info)
    return wanted or methods


def added_words(info: MethodInfo, text: str) -> str | None:
    """What words add to a picture that stays as it is; None where the method changes it."""
    if not info.extends:
        return None
    asked = read_extension(text)
    return text if asked is None else asked.content
