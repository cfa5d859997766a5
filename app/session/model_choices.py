from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.runtime import paths
from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool, Ticket
from app.session.memory_needs import MemoryNeeds, MethodModel
from editor.model.patch import SettingValues
from inference.request.model_choice import ModelChoice
from inference.request.registry import METHODS

if TYPE_CHECKING:
    from inference.models.store import ModelStore


@dataclass(frozen=True)
class OfferedModel:
    """A model that can serve a role.

    Attributes:
        id: its name.
        megabytes: of its files.
    """

    id: str
    megabytes: int


@dataclass(frozen=True)
class _FoundModels:
    """The models by role; by method, the defaults they bring and the roles that nobody serves."""

    offered: Mapping[str, tuple[OfferedModel, ...]] = field(default_factory=dict)
    defaults: Mapping[str, SettingValues] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    memory: Mapping[str, MethodModel] = field(default_factory=dict)


class ModelChoices(QObject):
    """Which models there are for each method, and which the artist chose; remembered per method.

    Attributes:
        memory_needs: what edits by these models take of memory.

    Signals:
        changed(): other models are offered, or another is chosen.
    """

    changed = Signal()

    def __init__(self, work: ThreadPool, settings: Settings, parent: QObject | None = None) -> None:
        """Nothing is offered before `read`."""
        super().__init__(parent)
        self._work, self._settings = work, settings
        self.memory_needs = MemoryNeeds(self.memory_of, settings)
        self._found = _FoundModels()
        self._read = False
        self._reading = Ticket()

    def read(self) -> None:
        """Read the folders off the UI thread; `changed` follows."""
        choices = self.for_job()
        self._reading.cancel()  # its defaults may be those of another choice
        self._reading = self._work.run(lambda ticket: _find_models(ticket, choices), self._show)

    def _show(self, found: _FoundModels) -> None:
        if found != self._found or not self._read:
            self._found, self._read = found, True
            self.changed.emit()

    def defaults(self, method: str) -> SettingValues:
        """Settings that suit the models of a method better than its own defaults."""
        return self._found.defaults.get(method, ())

    @property
    def repainting(self) -> str:
        """Name of the cheapest method that repaints by models that are here; "" without one."""
        painting = (info for info in METHODS.values() if info.competes and not info.parametric)
        able = (
            info for info in painting if all(role in self._found.offered for role in info.roles)
        )
        return next((info.name for info in able), "")

    def missing(self, method: str) -> tuple[str, ...]:
        """Roles of a method that no model here can serve; () while the folders are being read."""
        return self._found.missing.get(method, ())

    def memory_of(self, method: str) -> MethodModel | None:
        """What the memory of a method's run follows from; None where that is not known."""
        return self._found.memory.get(method)

    def role(self, method: str) -> str:
        """The first role of a method that several models can serve; "" where there is no choice."""
        info = METHODS.get(method)
        roles = info.roles if info is not None else ()
        return next((role for role in roles if len(self._found.offered.get(role, ())) > 1), "")

    def offered(self, method: str) -> tuple[OfferedModel, ...]:
        """The models to choose from for a method; none where there is no choice."""
        return self._found.offered.get(self.role(method), ())

    def chosen(self, method: str) -> str:
        """Name of the model chosen for a method; "" where none is, or it is not there now."""
        stored = self._stored().get(method, {}).get(self.role(method), "")
        return stored if any(one.id == stored for one in self.offered(method)) else ""

    def choose(self, method: str, model: str) -> None:
        """Take a model for a method from now on; "" leaves it to the program."""
        stored = {name: dict(roles) for name, roles in self._stored().items()}
        own = stored.setdefault(method, {})
        own.pop(self.role(method), None)
        if model:
            own[self.role(method)] = model
        self._settings.set("models", {name: roles for name, roles in stored.items() if roles})
        self.changed.emit()
        if self._read:
            self.read()  # another model may bring other defaults

    def helper(self, role: str) -> str:
        """Name of the model chosen for a role that helps every method; "" where none is."""
        return self._stored().get("", {}).get(role, "")

    def choose_helper(self, role: str, model: str) -> None:
        """Take a model for such a role, as to describe pictures; "" leaves it to the program."""
        stored = {name: dict(roles) for name, roles in self._stored().items()}
        own = stored.setdefault("", {})
        own.pop(role, None)
        if model:
            own[role] = model
        self._settings.set("models", {name: roles for name, roles in stored.items() if roles})
        self.changed.emit()

    def for_job(self) -> tuple[ModelChoice, ...]:
        """What a job is to keep to."""
        return tuple(
            ModelChoice(role, model, method)
            for method, roles in sorted(self._stored().items())
            for role, model in sorted(roles.items())
        )

    def _stored(self) -> dict[str, dict[str, str]]:
        """The choices in the settings file, which people edit by hand."""
        return {
            method: {role: model for role, model in roles.items() if isinstance(model, str)}
            for method, roles in dict(self._settings["models"]).items()
            if isinstance(roles, dict)
        }


def _find_models(ticket: Ticket, choices: tuple[ModelChoice, ...]) -> _FoundModels:
    """The models of this installation. Reads folders: worker.

    A model whose settings cannot be used brings none here; an edit says so.
    """
    from inference.models.errors import ModelDamaged
    from inference.models.store import ModelStore

    del ticket
    found: dict[str, tuple[OfferedModel, ...]] = {}
    store = ModelStore(paths.models())
    for model in sorted(store.found, key=lambda one: one.id.lower()):
        offered = OfferedModel(model.id, round(model.bytes / 1e6))
        found[model.role] = (*found.get(model.role, ()), offered)
    defaults: dict[str, SettingValues] = {}
    with store.job(choices):
        for info in METHODS.values():
            try:
                defaults[info.name] = store.defaults(info)
            except ModelDamaged:
                continue
        memory = _method_models(store)
    missing = {info.name: store.missing(info) for info in METHODS.values()}
    return _FoundModels(found, defaults, missing, memory)


def _method_models(store: ModelStore) -> dict[str, MethodModel]:
    """By method the model that serves; its files are read here, so that predictions read none."""
    found = {}
    for info in METHODS.values():
        model = store.model(info.roles[0], info.name) if info.roles else None
        side = store.planner.prepare(model) if model is not None else None
        if model is not None and side is not None:
            found[info.name] = MethodModel(model, side, store.planner)
    return found
