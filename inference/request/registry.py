from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from editor.errors import ExpectedError
from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.patch import SettingValues, settings_of
from inference.request.fit import Fit, never
from inference.request.settings import BadSetting, SettingInfo


class UnknownMethod(ExpectedError):
    """A method name that is not in the registry."""

    kind = "unknown_method"


@dataclass(frozen=True)
class MethodInfo:
    """The facts about one editing method, readable without loading it.

    Attributes:
        name: in requests, files and `--method`.
        version: raised whenever the method's pixels change for the same request.
        title: the artist's name for it.
        summary: one sentence.
        paper: what its authors call it; "" for a method of this program.
        implementation: "module:Class", imported by the engine only.
        settings: what can be set.
        roles: model roles it needs; none for `adjust`.
        parametric: leaves parameters, not pixels; acts at full size.
        variety: how candidates differ: "variants" (readings and strengths) or "seeds".
        sweep: settings that candidates of a sampling method take in turn besides their seeds, where
            the artist sets none.
        sweep_instead: the same for a model that leaves one of those settings at its least, as one
            does that is guided by the words alone.
        grid: the setting that quick previews vary beside their seeds, and its values; None
            where nothing is swept (`SWEEP_SEEDS`).
        spread: how far candidates move from what is asked of a setting, in turn; the first stays.
        preview: settings that make a quick first look (Live, Explore) out of a full result.
        captions: needs to know what the picture shows before and after.
        needs_selection: draws what is selected, so something must be.
        extends: makes the canvas larger and draws around the picture; a selection is of no use to
            it.
        enlarges: draws the same picture with more pixels; the same holds for it.
        begins: draws a new picture, so it is no answer to "what should change".
        fit: how well it fits words and picture; Auto takes the best fitting method.
        cost: rough seconds per candidate, to run the cheapest first.
    """

    name: str
    version: int
    title: Message
    summary: Message
    implementation: str
    settings: tuple[SettingInfo, ...]
    paper: str = ""
    roles: tuple[str, ...] = ()
    parametric: bool = False
    variety: str = "seeds"
    sweep: tuple[tuple[str, tuple[float, ...]], ...] = ()
    sweep_instead: tuple[tuple[str, tuple[float, ...]], ...] = ()
    grid: tuple[str, tuple[float, ...]] | None = None
    spread: tuple[tuple[str, tuple[float, ...]], ...] = ()
    preview: SettingValues = ()
    captions: bool = False
    needs_selection: bool = False
    extends: bool = False
    enlarges: bool = False
    begins: bool = False
    fit: Fit = never
    cost: float = 1.0

    @property
    def resizes(self) -> bool:
        """True if its results are larger than the picture."""
        return self.extends or self.enlarges

    @property
    def competes(self) -> bool:
        """True if Auto may take it."""
        return self.fit is not never

    def has(self, name: str) -> bool:
        """True if it has a setting of this name."""
        return any(info.name == name for info in self.settings)

    def setting(self, name: str) -> SettingInfo:
        """The setting of this name; raises `BadSetting`."""
        for info in self.settings:
            if info.name == name:
                return info
        known = ", ".join(info.name for info in self.settings)
        raise BadSetting(
            Message("setting.unknown", method=self.title, name=name),
            Message("setting.known", names=known),
        )

    def load(self) -> type[Any]:
        """Import the class that does it (may import torch: engine only)."""
        module, name = self.implementation.split(":")
        found: type[Any] = getattr(importlib.import_module(module), name)
        return found


class _Methods(Mapping[str, MethodInfo]):
    """The `INFO` of every file in `inference/methods`, imported when it is first asked for.

    Method files import this one, so it cannot import them at its start.
    """

    @cached_property
    def _found(self) -> dict[str, MethodInfo]:
        package = importlib.import_module("inference.methods")
        names = [one.name for one in pkgutil.iter_modules(package.__path__, "inference.methods.")]
        rows: list[MethodInfo] = [importlib.import_module(name).INFO for name in names]
        rows.sort(key=lambda info: (info.begins, info.cost, info.name))
        return {info.name: info for info in rows}

    def __getitem__(self, name: str) -> MethodInfo:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


METHODS: Mapping[str, MethodInfo] = _Methods()
"""Every method by its name: the cheapest first, those that begin a picture last."""


def method(name: str) -> MethodInfo:
    """The row of a method; raises `UnknownMethod`."""
    info = METHODS.get(name)
    if info is None:
        known = ", ".join(METHODS)
        raise UnknownMethod(
            Message("method.unknown", name=name), Message("method.known", names=known)
        )
    return info


def values_of(request: EditRequest) -> dict[str, Any]:
    """A request's settings, with the method's defaults for those it does not name."""
    defaults = {info.name: info.default for info in method(request.method).settings}
    return {**defaults, **dict(request.settings)}


def check_settings(methods: Sequence[str], settings: SettingValues) -> SettingValues:
    """Settings in their own types, if each belongs to one of the methods; raises `BadSetting`."""
    return settings_of({n: find_setting(methods, n).check(value) for n, value in settings})


def find_setting(methods: Sequence[str], name: str) -> SettingInfo:
    """A setting of the first of some methods that has it.

    Raises:
        BadSetting: none of them has it; it names the methods that do, else what the first has.
    """
    for one in methods:
        if method(one).has(name):
            return method(one).setting(name)
    first = method(methods[0])
    alike = [info for info in METHODS.values() if info.begins == first.begins]
    others = [info.name for info in alike if info.has(name)]
    if not others:
        return first.setting(name)  # raises with the names it knows
    raise BadSetting(
        Message("setting.unknown", method=first.title, name=name),
        Message("setting.of_others", names=", ".join(others)),
    )
