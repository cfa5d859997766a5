"""A cancel waits for one unit of work, whatever is under way: counted, not timed.

A unit is one call of torch while loading and one layer while a network runs, whichever job it
runs for: the counter sets the token when a unit begins, and no further one may follow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.overrides import TorchFunctionMode

from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from inference.diffusion.denoiser import Conditioning, UNetDenoiser
from inference.language.generate import TextSampling, best_answers, sample_answers
from inference.methods.generate import Generate
from inference.methods.instruct_pix2pix import InstructPix2Pix
from inference.models.digests import file_digest
from inference.models.interrupt import between_layers, between_weights
from inference.models.store import ModelStore
from inference.request import jobs
from inference.request.cancel import Cancelled, CancelToken
from inference.vision.captioner import captions
from inference.vision.clip.embeddings import Embeddings
from inference.workflow.engine import Engine
from tests.inference import tiny_models
from tests.inference.checks import Checks

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

PLACES = (0.0, 0.3, 0.6, 0.95)
"""Shares of the work after which the cancel comes."""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "ip2p", edits=True)
    tiny_models.diffusion(root / "sd", edits=False)
    tiny_models.blip(root / "blip")
    tiny_models.gpt2(root / "gpt2")
    tiny_models.chat(root / "chat")
    tiny_models.open_clip(root / "clip")
    return root


class Units:
    """Counts units of work and cancels when one of them begins."""

    def __init__(self, at: int = -1) -> None:
        self.token = CancelToken()
        self.before = self.after = 0
        self._at = at

    def begin(self, *_: object) -> None:
        if self.token.cancelled:
            self.after += 1
            return
        self.before += 1
        if self.before - 1 == self._at:
            self.token.cancel()


@contextmanager
def layers(units: Units) -> Iterator[None]:
    def entered(module: torch.nn.Module, _: object) -> None:
        if next(module.children(), None) is None and next(module.parameters(), None) is not None:
            units.begin()

    handle = torch.nn.modules.module.register_module_forward_pre_hook(entered)
    try:
        yield
    finally:
        handle.remove()


class Calls(TorchFunctionMode):
    def __init__(self, units: Units) -> None:
        super().__init__()
        self._units = units

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if not func.__name__.lstrip("_").startswith("set_"):  # puts a setting of torch back
            self._units.begin()
        return func(*args, **(kwargs or {}))


def heard(work: Callable[[Units], object], counted: Callable[[Units], Any]) -> None:
    """Run it whole, then cancelled in several places."""
    work(Units())  # what the first time imports and remembers is done
    whole = Units()
    with counted(whole):
        work(whole)
    assert whole.before > 8, "there is something to stop in"
    for place in PLACES:
        units = Units(int(place * whole.before))
        with counted(units), pytest.raises(Cancelled):
            work(units)
        # The unit that set the token ends, or asks itself; after it only what puts gradients and
        # the default type back as they were.
        assert units.after <= 3, f"{units.after} units after a cancel at {place}"


ROLES = ["text_to_image", "instruct_pix2pix", "language", "chat", "captioner", "clip"]


@pytest.mark.parametrize("role", ROLES)
def test_loading_stops_between_two_weights(models: Path, role: str) -> None:
    def load(units: Units) -> None:
        store = ModelStore([models], device="cpu")
        store.check = units.token.check
        ask = store.diffusion if role in ROLES[:2] else lambda name: getattr(store, name)()
        try:
            ask(role)
        except Cancelled:
            assert store.loaded_bytes == 0
            raise

    heard(load, Calls)


def test_what_a_loader_makes_of_errors_does_not_swallow_a_cancel() -> None:
    def check() -> None:
        raise Cancelled

    def load() -> None:
        with between_weights(check), suppress(Exception):  # as stock loaders collect errors
            torch.zeros(3)

    with pytest.raises(Cancelled):
        load()
    assert torch.zeros(3).sum() == 0  # nothing listens any more


def test_reading_weights_for_their_digest_stops_between_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("inference.models.digests._PART", 10)
    path = tmp_path / "weights"
    path.write_bytes(bytes(range(95)))
    asked: list[int] = []
    whole = file_digest(path, lambda: asked.append(1))
    assert len(asked) == 10
    monkeypatch.undo()
    assert file_digest(path) == whole

    def check() -> None:
        asked.append(1)
        if len(asked) == 13:
            raise Cancelled

    monkeypatch.setattr("inference.models.digests._PART", 10)
    with pytest.raises(Cancelled):
        file_digest(path, check)


def scene(number: int = 0) -> Image:
    return Image.from_array(tiny_models.scene(64 + number, 48))


def test_captioning_stops_between_two_layers(models: Path) -> None:
    captioner = ModelStore([models], device="cpu").captioner()
    heard(lambda units: captions(captioner, [scene(), scene(1)], 2, units.token.check), layers)


def test_no_picture_is_made_ready_after_a_cancel(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from inference.vision import captioner as module

    token, seen = CancelToken(), []
    own = module.as_rgb

    def cancelling(picture: Any) -> Any:
        seen.append(1)
        token.cancel()
        return own(picture)

    monkeypatch.setattr(module, "as_rgb", cancelling)
    captioner = ModelStore([models], device="cpu").captioner()
    with pytest.raises(Cancelled):
        captions(captioner, [scene(n) for n in range(4)], 2, token.check)
    assert len(seen) == 1


@pytest.mark.parametrize("role", ["language", "chat"])
def test_reading_and_writing_words_stop_between_two_layers(models: Path, role: str) -> None:
    language = getattr(ModelStore([models], device="cpu"), role)()
    heard(
        lambda units: sample_answers(
            language, "make it night", 3, 6, TextSampling(), units.token.check
        ),
        layers,
    )
    heard(lambda units: best_answers(language, ["a", "house"], 4, units.token.check), layers)


def asked(name: str, seed: int) -> EditRequest:
    words = Instruction("a boat", target_prompt="a boat")
    return EditRequest("", None, words, name, 1, (("num_inference_steps", 2),), seed)


@pytest.mark.usefixtures("lean")
@pytest.mark.parametrize("name", ["instruct_pix2pix", "generate"])
def test_denoising_and_decoding_stop_between_two_layers(models: Path, name: str) -> None:
    store = ModelStore([models], device="cpu")
    kind = InstructPix2Pix if name == "instruct_pix2pix" else Generate
    store.diffusion("instruct_pix2pix" if name == "instruct_pix2pix" else "text_to_image")

    def edit(units: Units) -> None:
        store.check = units.token.check
        kind(store).edit([asked(name, 1), asked(name, 2)], scene(), None, lambda step: None)

    heard(edit, layers)


def test_a_large_network_takes_one_row_at_a_time_on_a_cpu(models: Path) -> None:
    from dataclasses import replace

    small = replace(
        ModelStore([models], device="cpu").diffusion("instruct_pix2pix"), may_be_lean=False
    )
    large = replace(small, found=replace(small.found, elements=10**9))
    states = torch.zeros(3, 77, 16)
    for model, parts in ((small, 1), (large, 3)):
        rows: list[int] = []
        denoiser = UNetDenoiser(model, partial(rows.append, 1))
        conditioning = Conditioning([0, 1, 2], states)
        denoiser.predict(torch.zeros(3, 8, 64, 64), torch.tensor(1), conditioning)
        assert len(rows) == parts


def test_clip_stops_between_two_layers_and_two_pictures(models: Path) -> None:
    store = ModelStore([models], device="cpu")
    store.clip()
    pictures = [scene(n) for n in range(3)]
    heard(lambda u: Embeddings(store).pictures(pictures, u.token.check), layers)
    heard(lambda u: Embeddings(store).texts(["a boat", "a house"], u.token.check), layers)


def test_nothing_is_heard_without_a_cancel_and_no_hook_stays(models: Path) -> None:
    captioner = ModelStore([models], device="cpu").captioner()
    captions(captioner, [scene()], 1, lambda: None)
    with between_layers([captioner.model], lambda: None):
        pass
    assert not any(layer._forward_pre_hooks for layer in captioner.model.modules())


def test_the_engine_ends_a_job_in_the_unit_in_which_it_was_cancelled(models: Path) -> None:
    """From the first word to the last score, as the child runs it."""
    store, image = ModelStore([models], device="cpu"), scene()
    words = Instruction("turn it into a boat", "a red house", "a boat")
    method = ("instruct_pix2pix",)

    def run(units: Units) -> None:
        engine, events = Engine(store), list[jobs.Event]()
        job = jobs.EditJob(
            (words,), image, methods=method, settings=(("num_inference_steps", 2),), count=2
        )
        engine.run(job, events.append, units.token)
        if isinstance(events[-1], jobs.JobCancelled):
            raise Cancelled
        assert isinstance(events[-1], jobs.JobFinished), events[-1]
        assert sum(isinstance(event, jobs.ScoreReady) for event in events) == 2

    heard(run, layers)


@pytest.mark.parametrize("at", range(4))
def test_a_cancelled_loader_leaves_gradients_as_they_were(at: int) -> None:
    before = torch.is_grad_enabled()
    with suppress(Cancelled), between_weights(Checks(at)), torch.no_grad():
        torch.zeros(2).add_(1)
        torch.ones(2)
    now = torch.is_grad_enabled()
    torch.set_grad_enabled(before)
    assert now == before


SHAPES: list[dict[str, Any]] = [
    {},
    {"stride": 2},
    {"padding": 0, "stride": 2},
    {"padding": (2, 1), "dilation": (2, 1)},
    {"groups": 2, "bias": False},
    {"kernel_size": 1, "padding": 0},
]


@pytest.mark.parametrize("options", SHAPES)
def test_a_large_convolution_is_cut_into_bands(
    options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    layer = torch.nn.Conv2d(4, 6, **{"kernel_size": 3, "padding": 1, **options}).requires_grad_(
        False
    )
    pixels = torch.randn(2, 4, 37, 23)
    whole = layer(pixels)
    asked: list[int] = []
    with between_layers([layer], lambda: asked.append(1)):
        assert torch.equal(layer(pixels), whole)  # little work stays whole
        assert len(asked) == 1
        monkeypatch.setattr("inference.models.interrupt._CUT", 5_000)
        cut = layer(pixels)
    assert len(asked) > 5
    assert cut.shape == whole.shape
    assert torch.allclose(cut, whole, atol=1e-5)
    assert "forward" not in vars(layer)


def test_a_cancel_is_heard_between_two_bands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inference.models.interrupt._CUT", 10_000)
    layer = torch.nn.Conv2d(3, 3, 3, padding=1).requires_grad_(False)
    token, bands = CancelToken(), list[int]()

    class Bands(TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            if func is torch.nn.functional.conv2d:
                bands.append(1)
                if len(bands) == 3:
                    token.cancel()
            return func(*args, **(kwargs or {}))

    with pytest.raises(Cancelled), between_layers([layer], token.check), Bands():
        layer(torch.randn(1, 3, 64, 64))
    assert len(bands) == 3
