"""Settings that come with a model."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from editor.messages import Message
from editor.model.patch import SettingValues, settings_of
from inference.models.errors import ModelDamaged
from inference.models.found_model import FoundModel
from inference.request.registry import MethodInfo
from inference.request.settings import BadSetting


def defaults_of(models: Iterable[FoundModel], info: MethodInfo) -> SettingValues:
    """Settings that suit some models better than a method's own defaults.

    They come with a model as ``sampling.json``, ``{setting: value, method: {setting: value}}``:
    what stands under the method's name goes before what is for all. What the method does not
    have is left out.

    Raises:
        ModelDamaged: the file is no such thing, or a value is outside what the setting takes.
    """
    own = {one.name: one for one in info.settings}
    made: dict[str, Any] = {}
    for model in models:
        file = model.folder / "sampling.json"
        if not file.is_file():
            continue
        try:
            stored = dict(json.loads(file.read_text("utf-8")))
            stored |= dict(stored.get(info.name, {}))
            made |= {n: own[n].check(value) for n, value in stored.items() if n in own}
        except (OSError, ValueError, TypeError, RecursionError, BadSetting) as error:
            raise ModelDamaged(
                Message("model.bad_settings", model=model.id, file=file.name),
                Message("do.correct_file"),
            ) from error
    return settings_of(made)
