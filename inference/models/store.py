from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from editor.errors import ModelMissing
from editor.messages import Message
from editor.model.model_ref import ModelRef
from editor.model.patch import SettingValues
from inference.models.digests import DigestCache
from inference.models.errors import ModelDamaged
from inference.models.family import MODEL_SHARE
from inference.models.found_model import FoundAdapter, FoundModel, RefusedModel
from inference.models.lending import is_lent, lenders, lent, ready_to_serve
from inference.models.load_progress import loading
from inference.models.memory.plan import WHOLE
from inference.models.memory.planner import MemoryPlanner, PlannedMemory
from inference.models.memory.prediction import RunSize
from inference.models.model_pool import ModelPool
from inference.models.pipeline_folder import side_of
from inference.models.roles import how_to_get, role_name
from inference.models.sampling_defaults import defaults_of
from inference.models.scan import Scan, scan
from inference.models.serving import (
    Fits,
    ServingModel,
    able_to_serve,
    fits_unknown,
    serving,
)
from inference.request.model_choice import ModelChoice, chosen_id
from inference.request.registry import MethodInfo
from inference.request.settings import FILE_ROLES

if TYPE_CHECKING:
    from inference.models.devices import Device
    from inference.models.loaded import (
        LoadedCaptioner,
        LoadedClip,
        LoadedDiffusion,
        LoadedLanguage,
        LoadedModel,
        LoadedPipeline,
    )

__all__ = ["FoundModel", "ModelStore", "RefusedModel"]

_Kind = TypeVar("_Kind", bound="LoadedModel")


class ModelStore:
    """Finds, verifies, loads and evicts models in any tree of folders.

    Each is recognised by its own config, its role by the class the config names; nothing is
    imported for that and nothing is written. Of several models of a role the artist's choice
    serves, then what fits the picture, then the first by name. Loading imports torch (engine only);
    a loaded model stays until the budget needs its room, so callers ask for every job anew.

    Attributes:
        check: called between weights that are loaded and parts of files that are read; the
            engine lets it raise `Cancelled`.
        planner: predicts and chooses how models are held.
        on_loading: called while a model is loaded, with its role and the share that is there, 0…1.
    """

    def __init__(
        self,
        folders: Sequence[Path] = (),
        cache: Path | None = None,
        *,
        budget: int | None = None,
        device: str | None = None,
        choices: Sequence[ModelChoice] = (),
    ) -> None:
        """Nothing is read yet.

        Args:
            folders: to search, in order.
            cache: a JSON file that keeps digests.
            budget: bytes of loaded models; None takes a share of the device's memory.
            device: kind to run on; None takes the fastest there is.
            choices: the artist's, for every job that brings none of its own.
        """
        self._folders = tuple(folders)
        self._digests = DigestCache(cache)
        self._budget = budget
        self._wanted_device = device
        self._own_choices = tuple(choices)
        self._choices: tuple[ModelChoice, ...] = ()
        self._fits: Fits = fits_unknown
        self._used: dict[str, FoundModel] = {}
        self._device: Device | None = None
        self._scan: Scan | None = None
        self._pool = ModelPool()
        self._wide: set[Path] = set()
        self.planner = MemoryPlanner()
        self.check: Callable[[], None] = lambda: None
        self.on_loading: Callable[[str, float], None] = lambda role, share: None

    @property
    def found(self) -> tuple[FoundModel, ...]:
        """Every usable model, in search order."""
        return self._scanned().found

    @property
    def refused(self) -> tuple[RefusedModel, ...]:
        """What looks like a model and is not used, each with its reason."""
        return self._scanned().refused

    @property
    def adapters(self) -> tuple[FoundAdapter, ...]:
        """LoRA files and new words, in search order."""
        return self._scanned().adapters

    def search_in(self, folders: Sequence[Path]) -> None:
        """Search these folders from now on, as they are now; loaded models are dropped."""
        self._folders, self._scan = tuple(folders), None
        self._pool.drop_unless(lambda loaded: False)

    @property
    def device(self) -> Device:
        """Where models run (imports torch)."""
        if self._device is None:
            from inference.models.devices import choose_device

            self._device = self._pool.device = choose_device(self._wanted_device)
        return self._device

    @property
    def has_device(self) -> bool:
        """True once `device` was asked for, so that asking again costs nothing."""
        return self._device is not None

    @property
    def loaded_bytes(self) -> int:
        """Memory the loaded models take."""
        return self._pool.bytes

    def candidates(self, role: str) -> tuple[FoundModel, ...]:
        """Every model that can serve a role: made for it, else substitutes; last what is lent."""
        own, substitutes = able_to_serve(self.found, role)
        return (*(own or substitutes), *lenders(self.found, role))

    def serving(
        self, role: str, method: str = "", factor: float | None = None
    ) -> ServingModel | None:
        """The model that serves a role for a method, and why; an upscaler for a factor."""
        chosen = chosen_id((*self._choices, *self._own_choices), role, method)
        able = ready_to_serve(self.candidates(role), chosen, self._pool.__contains__)
        return serving(able, chosen, self._fits, factor)

    def lost_choice(self, role: str, method: str = "") -> str | None:
        """The model that was chosen for a role and is not here; None where all is well."""
        chosen = chosen_id((*self._choices, *self._own_choices), role, method)
        here = chosen is None or any(one.id == chosen for one in self.candidates(role))
        return None if here else chosen

    def model(self, role: str, method: str = "", factor: float | None = None) -> FoundModel | None:
        """The model that serves a role, None if there is none; arguments as for `serving`."""
        if role in self._used:
            return self._used[role]
        found = self.serving(role, method, factor)
        return found.model if found is not None else None

    @contextmanager
    def job(self, choices: Sequence[ModelChoice], fits: Fits = fits_unknown) -> Iterator[None]:
        """For the time of one job: the artist's choices, and which models fit its picture.

        What was added to the folders or removed since the last job is noticed here.
        """
        self.look_again()
        before = self._choices, self._fits
        self._choices, self._fits = tuple(choices), fits
        try:
            yield
        finally:
            self._choices, self._fits = before

    @contextmanager
    def using(self, refs: Sequence[ModelRef]) -> Iterator[None]:
        """For that time only the models that a request names serve; LoRA files lie over them.

        Raises `ModelMissing` where one of them is not here any longer.
        """
        before = self._used
        self._used = {ref.role: self._referred(ref) for ref in refs if ref.role not in FILE_ROLES}
        try:
            yield
        finally:
            self._used = before

    def refs(self, info: MethodInfo, factor: float | None = None) -> tuple[ModelRef, ...]:
        """The models that serve a method now, in the order of its roles."""
        models = [self.model(role, info.name, factor) for role in info.roles]
        return tuple(self.ref(model) for model in models if model is not None)

    def ref(self, model: FoundModel) -> ModelRef:
        """What is recorded of a model that made something."""
        return ModelRef(model.role, model.id, model.family, self.digest(model))

    def _referred(self, ref: ModelRef) -> FoundModel:
        able = chain(*able_to_serve(self.found, ref.role), lenders(self.found, ref.role))
        models = [one for one in able if self.digest(one) == ref.digest]
        if not models:
            raise ModelMissing(Message("model.gone", model=ref.id), Message("do.add_model"))
        return next((one for one in models if one.id == ref.id), models[0])

    def side(self, role: str, method: str = "") -> int:
        """The side in pixels of the square that a diffusion model was made for; no torch needed.

        Raises:
            ModelMissing: no model fills the role.
            ModelDamaged: its configs do not say.
        """
        model = self._needed(role, method)
        try:
            return side_of(model.configs)
        except (OSError, ValueError, TypeError, KeyError):
            raise ModelDamaged(
                Message("model.no_size", model=model.id), Message("do.other_model")
            ) from None

    def missing(self, info: MethodInfo) -> tuple[str, ...]:
        """Roles a method needs that no model fills."""
        return tuple(role for role in info.roles if not self.candidates(role))

    def require(self, info: MethodInfo) -> None:
        """Raise `ModelMissing` unless the method has all it needs."""
        missing = self.missing(info)
        if missing:
            raise ModelMissing(
                Message("model.needed", method=info.title, models=tuple(map(role_name, missing))),
                how_to_get(missing[0]),
            )

    def defaults(self, info: MethodInfo) -> SettingValues:
        """Settings that suit the models of a method better; see `defaults_of`."""
        models = [self.model(role, info.name) for role in info.roles]
        return defaults_of(filter(None, models), info)

    def digest(self, model: FoundModel) -> str:
        """Hex BLAKE2b over the digests of all weights files; kept by size and time.

        Raises `Cancelled` from `check`: a file of gigabytes takes seconds.
        """
        return self._digests.digest(model.weights, self.check)

    # --- loading ------------------------------------------------------------------------------

    def diffusion(self, role: str) -> LoadedDiffusion:
        """The diffusion model of a role.

        Raises (as the others below):
            ModelMissing: no model fills the role.
            ModelDamaged: its files do not fit together.
            OutOfMemory, Cancelled: it is larger than the budget; from `check`, between weights.
        """
        from inference.models.loaded import LoadedDiffusion

        return self.load(role, LoadedDiffusion)

    def pipeline(self, role: str) -> LoadedPipeline:
        """The stock pipeline of a role."""
        from inference.models.loaded import LoadedPipeline

        return self.load(role, LoadedPipeline)

    def widen(self, role: str) -> LoadedDiffusion:
        """Load the model again in float32, for this session: a 16-bit type overflowed."""
        model = self.model(role)
        if model is not None:
            self._wide.add(model.folder)
            self._pool.drop([model.folder])
        return self.diffusion(role)

    def is_loaded(self, role: str) -> bool:
        """True if the model of this role is loaded."""
        model = self.model(role)
        return model is not None and model.folder in self._pool

    def language(self) -> LoadedLanguage:
        """The causal language model: `.model`, `.tokenizer`."""
        from inference.models.loaded import LoadedLanguage

        return self.load("language", LoadedLanguage)

    def chat(self) -> LoadedLanguage:
        """A language model with a chat template."""
        from inference.models.loaded import LoadedLanguage

        return self.load("chat", LoadedLanguage)

    def captioner(self) -> LoadedCaptioner:
        """The captioner: `.model`, `.processor`."""
        from inference.models.loaded import LoadedCaptioner

        return self.load("captioner", LoadedCaptioner)

    def clip(self, role: str = "clip") -> LoadedClip:
        """The CLIP model of a role, with `encode_image` and `encode_text`."""
        from inference.models.loaded import LoadedClip

        return self.load(role, LoadedClip)

    def load(self, role: str, kind: type[_Kind]) -> _Kind:
        """The model of a role, of the class that its family gives."""
        model = self._needed(role)
        if is_lent(model):
            return lent(self, model, kind)
        held, planned = self._pool.get(model.folder), self.planned(role)
        plan = planned.plan if planned is not None else WHOLE
        if isinstance(held, kind):
            if getattr(held, "plan", plan).is_within(plan):
                return held
            held = None
            self._pool.drop([model.folder])
        self.check()
        from inference.models.loading import expected_bytes, load_model

        device = self._device_for(model)
        wanted = expected_bytes(model, device)
        if planned is not None and plan != WHOLE:
            wanted = planned.prediction.weights
        self._pool.make_room(model, wanted, self._room)
        self.on_loading(role, 0.0)
        with loading(model, lambda share: self.on_loading(role, share)):
            loaded = load_model(model, device, self.check, plan)
        if not isinstance(loaded, kind):
            raise ModelDamaged(
                Message("model.other_kind", model=model.id), Message("do.other_model")
            )
        self._pool.add(model.folder, loaded)
        return loaded

    def planned(
        self, role: str, method: str = "", run: RunSize | None = None
    ) -> PlannedMemory | None:
        """How the model of a role is held, and what a run takes; see `MemoryPlanner.choose`."""
        model = self._needed(role, method)
        return self.planner.choose(model, self._device_for(model), self._room, run)

    def lighten(self, role: str) -> Message | None:
        """Hold the model of a role in less memory from now on, because it ran out.

        Returns:
            What was done, as one sentence; None where nothing is left to do.
        """
        model = self._needed(role)
        done = self.planner.lighten(model, self._device_for(model), self._room)
        if done is not None:
            self._pool.drop([model.folder])
        return done

    def drop_others(self, roles: Sequence[str]) -> bool:
        """Drop every loaded model but those of some roles; False if there was none."""
        kept = [model for role in roles if (model := self.model(role)) is not None]
        return self._pool.drop_unless(lambda loaded: loaded.found in kept)

    def _device_for(self, model: FoundModel) -> Device:
        """The device, without the types that overflowed with this model."""
        if model.folder in self._wide:
            return replace(self.device, short_types=frozenset())
        return self.device

    @property
    def _room(self) -> int:
        """Bytes that loaded models may take."""
        return self._budget if self._budget is not None else int(self.device.bytes * MODEL_SHARE)

    def _needed(self, role: str, method: str = "") -> FoundModel:
        model = self.model(role, method)
        if model is None:
            raise ModelMissing(Message("model.none", role=role_name(role)), how_to_get(role))
        return model

    def limit(self, budget: int | None) -> None:
        """Allow loaded models so many bytes from now on; None for a share of the device's."""
        self._budget = budget
        self._pool.keep_within(self._pool.bytes if budget is None else budget)

    # --- searching ----------------------------------------------------------------------------

    def _scanned(self) -> Scan:
        if self._scan is None:
            self._scan = scan(self._folders)
        return self._scan

    def look_again(self) -> None:
        """Search the folders anew if anything in them changed; models that are gone are dropped."""
        if self._scan is None or self._scan.is_current():
            return
        self._scan = scan(self._folders)
        holds = self._scan.holds
        self._pool.drop_unless(lambda loaded: holds(loaded.found))
