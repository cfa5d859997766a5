"""Settings that suit a model."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from editor.messages import Message
from editor.model.patch import SettingValues, settings_of
from inference.models.errors import ModelDamaged
from inference.models.families import families
from inference.models.found_model import FoundModel
from inference.request.registry import MethodInfo
from inference.request.settings import BadSetting

FILE = "sampling.json"


def defaults_of(models: Iterable[FoundModel], info: MethodInfo) -> SettingValues:
    """Settings that suit some models better than a method's own defaults.

    The family of a model may know some (`Family.preferred_settings`). Others come with it as
    ``sampling.json``, ``{setting: value, method: {setting: value}}``: what stands under the
    method's name goes before what is for all. What the method does not have is left out.

    Raises:
        ModelDamaged: the file is no such thing, a value is outside what the setting takes, or the
            model's configs cannot be read.
    """
    own = {one.name: one for one in info.settings}
    made: dict[str, Any] = {}
    for model in models:
        for read, name in ((_of_family, "config.json"), (_of_file, FILE)):
            try:
                stored = read(model)
                stored |= dict(stored.get(info.name, {}))
                made |= {n: own[n].check(value) for n, value in stored.items() if n in own}
            except (OSError, ValueError, TypeError, RecursionError, BadSetting) as error:
                raise ModelDamaged(
                    Message("model.bad_settings", model=model.id, file=name),
                    Message("do.correct_file"),
                ) from error
    return settings_of(made)


def _of_family(model: FoundModel) -> dict[str, Any]:
    return dict(families()[model.family].preferred_settings(model))


def _of_file(model: FoundModel) -> dict[str, Any]:
    file = model.folder / FILE
    return dict(json.loads(file.read_text("utf-8"))) if file.is_file() else {}
