from __future__ import annotations

from pathlib import Path

from app.session.method_settings import MethodSettings
from inference.request.settings import LORA, Loras


class LoraChoices:
    """Which LoRA files lie over the models, and with what weight: the same for every method."""

    def __init__(self, settings: MethodSettings) -> None:
        """Args: `settings` hold them, as the setting `lora` of each method that has it."""
        self._settings = settings
        self._methods = [info.name for info in settings.methods() if info.has(LORA)]

    def weight(self, file: Path) -> float | None:
        """The weight of a file that is in use; None for one that is not."""
        found = (dict(self._loras(method)).get(str(file)) for method in self._methods)
        return next((weight for weight in found if weight is not None), None)

    def use(self, file: Path, weight: float | None) -> None:
        """Take a file with a weight from now on; None takes it out of use.

        Raises:
            BadSetting: the weight is out of range.
        """
        for method in self._methods:
            own = {name: one for name, one in self._loras(method) if name != str(file)}
            if weight is not None:
                own[str(file)] = weight
            self._settings.set(method, LORA, tuple(own.items()) or None)

    def _loras(self, method: str) -> Loras:
        return self._settings.value(method, LORA) or ()
