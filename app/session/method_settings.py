from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from PySide6.QtCore import QObject, Signal

from app.runtime.settings import Settings
from editor.model.patch import SettingValues, settings_of
from inference.request.method_options import MethodOptions
from inference.request.registry import METHODS, MethodInfo
from inference.request.settings import REFERENCES, BadSetting

SEED: Final = "seed"
WORK_SIDE: Final = "work_side"
LARGEST_SEED: Final = 2**31 - 1
WORK_SIDES: Final = (128, 256, 384, 512, 640, 768, 1024)
"""Pixels along the side of a square with the area of the model's picture."""


class MethodSettings(QObject):
    """What the artist set for each method, remembered until it is set back.

    Methods that only compute parameters have nothing to set here: their words are their settings.

    Signals:
        changed(str): name of the method.
    """

    changed = Signal(str)

    def __init__(
        self,
        settings: Settings,
        parent: QObject | None = None,
        *,
        model_defaults: Callable[[str], SettingValues] = lambda method: (),
    ) -> None:
        """`model_defaults(method)`: what suits its models better than its own defaults."""
        super().__init__(parent)
        self._settings, self._model_defaults = settings, model_defaults

    @staticmethod
    def methods() -> list[MethodInfo]:
        """Those with a form, in the order they are offered."""
        return [info for info in METHODS.values() if not info.parametric and info.settings]

    def options(self, method: str) -> MethodOptions:
        """What is set for a method; what the settings file has of no use is left out."""
        info, stored = METHODS[method], self._stored(method)
        values = {}
        for name, value in stored.items():
            if info.has(name):
                try:
                    values[name] = info.setting(name).check(_frozen(value))
                except BadSetting:
                    continue
        seed, side = stored.get(SEED), stored.get(WORK_SIDE)
        return MethodOptions(
            settings_of(values),
            seed if type(seed) is int and 0 <= seed <= LARGEST_SEED else None,
            side if side in WORK_SIDES else None,
        )

    def time_limit(self) -> float | None:
        """Seconds in which Auto tries several methods; None takes the best fitting one alone."""
        return float(self._settings["time_limit"]) or None

    def default(self, method: str, name: str) -> Any:
        """What a setting is where the artist has set nothing: the model's default, else the own."""
        own = METHODS[method].setting(name).default
        return dict(self._model_defaults(method)).get(name, own)

    def value(self, method: str, name: str) -> Any:
        """What a setting is: what the artist has set, else `default`."""
        return dict(self.options(method).settings).get(name, self.default(method, name))

    def is_changed(self, method: str) -> bool:
        """True if something differs from the method as delivered."""
        return method in METHODS and self.options(method) != MethodOptions()

    def set(self, method: str, name: str, value: Any) -> None:
        """Set a setting of a method, the default included, which is not stored.

        Raises:
            BadSetting: the method has no such setting, or it cannot have this value.
        """
        info = METHODS[method].setting(name)
        value = info.check(value)
        self._store(method, name, None if value in (self.default(method, name), "") else value)

    def set_seed(self, method: str, seed: int | None) -> None:
        """Fix the seed of a method's first result; None takes a new one each time."""
        self._store(method, SEED, seed)

    def set_work_side(self, method: str, side: int | None) -> None:
        """Fix the size of the model's picture; None takes the model's own."""
        self._store(method, WORK_SIDE, side)

    def reset(self, method: str) -> None:
        """Set everything of a method back."""
        stored = dict(self._settings["method_settings"])
        if stored.pop(method, None) is not None:
            self._settings.set("method_settings", stored)
            self.changed.emit(method)

    def clear_references(self) -> None:
        """Take the reference pictures of every method away: they belonged to one picture."""
        for info in self.methods():
            if REFERENCES in self._stored(info.name):
                self._store(info.name, REFERENCES, None)

    def for_job(self) -> tuple[tuple[str, MethodOptions], ...]:
        """What a job is given (`EditJob.options`)."""
        found = [(info.name, self.options(info.name)) for info in self.methods()]
        return tuple((name, options) for name, options in found if options != MethodOptions())

    def _stored(self, method: str) -> Mapping[str, Any]:
        """From the settings file, which people edit by hand."""
        stored = self._settings["method_settings"].get(method)
        return stored if isinstance(stored, dict) else {}

    def _store(self, method: str, name: str, value: Any) -> None:
        own = {**self._stored(method), name: value}
        own = {key: one for key, one in own.items() if one is not None}
        stored = {**self._settings["method_settings"], method: own}
        if not own:
            del stored[method]
        self._settings.set("method_settings", stored)
        self.changed.emit(method)


def _frozen(value: Any) -> Any:
    """JSON's lists as tuples."""
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value
