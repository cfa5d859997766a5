from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from editor.errors import NotUnderstood
from editor.messages import verbatim
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from inference.diffusion.framing import frame, work_picture
from inference.diffusion.inpainting import drawn_pixels, fitted_to_surroundings
from inference.language.direction import AlreadyShown, WordsUnknown
from inference.methods.inpaint import INFO, Inpaint
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob
from inference.request.jobs import JobFailed
from inference.request.method_progress import MethodProgress
from inference.workflow.engine import Engine
from inference.workflow.preparation import Preparation
from inference.workflow.prepare import prepare
from tests.inference import tiny_models
from tests.inference.methods.diffusion_cases import request, stock_inpaint

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

NAME = INFO.name
PLACE = Rect(8, 16, 32, 24)  # on the grid of latents, so that stock's mask is the same


def nothing(step: MethodProgress) -> None:
    pass


def picture(width: int = 64, height: int = 64) -> Image:
    return Image.from_array(tiny_models.scene(width, height))


@pytest.fixture(scope="session")
def inpainting_store(tmp_path_factory: pytest.TempPathFactory) -> ModelStore:
    root = tmp_path_factory.mktemp("inpainting")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        tiny_models.diffusion(root / "plain", edits=False)
        tiny_models.inpainting(root / "true")
    return ModelStore([root], device="cpu")


def differences(store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Largest difference inside the selection to the stock pipeline, before tones are fitted."""
    monkeypatch.setattr(
        "inference.diffusion.inpainting.fitted_to_surroundings", lambda made, *rest: made
    )
    source, selection = picture(), Selection.from_rect(PLACE, 64, 64)
    everywhere = frame(source.bounds, None, 64, 64)
    monkeypatch.setattr(
        "inference.diffusion.framing.frame", lambda bounds, chosen, *rest: everywhere
    )
    seen, drawn = work_picture(source, everywhere), selection.array() > 0
    asked = [
        request(NAME, "a red house", seed=3, strength=1.0),
        request(NAME, "a boat", seed=4, strength=1.0, guidance_scale=3.0),
        request(NAME, "a boat", seed=5, strength=0.6, num_inference_steps=10),
    ]
    found = []
    for one, patch in zip(
        asked, Inpaint(store).edit(asked, source, selection, nothing), strict=True
    ):
        assert patch.pixels is not None
        found.append(float(np.abs(patch.pixels - stock_inpaint(store, seen, drawn, one)).max()))
    return found


def test_a_plain_model_equals_the_stock_pipeline(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert max(differences(store, monkeypatch)) <= 2 / 255


def test_an_inpainting_model_equals_the_stock_pipeline(
    inpainting_store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stock takes a sample of the masked picture; here both take the mode."""
    from diffusers.models.autoencoders.vae import DiagonalGaussianDistribution

    monkeypatch.setattr(
        DiagonalGaussianDistribution, "sample", lambda self, generator=None: self.mode()
    )
    assert max(differences(inpainting_store, monkeypatch)) <= 2 / 255


def test_inpainting_weights_serve_where_there_are_some(
    store: ModelStore, inpainting_store: ModelStore
) -> None:
    true, plain = inpainting_store.model("inpaint"), store.model("inpaint")
    assert true is not None
    assert plain is not None
    assert true.family == "stable-diffusion-inpainting"
    assert (plain.family, plain.role) == ("stable-diffusion", "inpaint")
    ref = store.ref(plain)
    with store.using([ref]):
        assert store.model("inpaint") == plain
    there = replace(inpainting_store.candidates("text_to_image")[0], role="inpaint")
    with inpainting_store.using([inpainting_store.ref(there)]):
        assert inpainting_store.model("inpaint") == there, "what a plain model drew is repeated"


@pytest.mark.parametrize("size", [(1, 1), (333, 7), (257, 129)])
def test_the_bytes_outside_stay_and_what_was_inside_goes(
    store: ModelStore, size: tuple[int, int]
) -> None:
    source = picture(*size)
    width, height = size
    selection = Selection.from_rect(Rect(0, 0, max(1, width // 2), max(1, height // 2)), *size)
    (patch,) = Inpaint(store).edit([request(NAME)], source, selection, nothing)
    result = composite.render(source, patch, selection)
    outside = selection.array() == 0
    assert np.array_equal(result.array()[outside], source.array()[outside])
    assert not np.array_equal(result.array()[~outside], source.array()[~outside])


def test_without_a_selection_it_asks_for_one(store: ModelStore) -> None:
    events: list[object] = []
    job = EditJob((Instruction("a boat"),), picture(), methods=(NAME,), describe=False)
    Engine(store).run(job, events.append, CancelToken())
    failed = events[-1]
    assert isinstance(failed, JobFailed)
    assert failed.kind == "selection_needed"
    assert "nothing is selected" in str(failed.message)
    assert failed.fix is not None


def test_every_pixel_that_is_touched_is_drawn() -> None:
    """A selection thinner than a work pixel is not lost."""
    coverage = np.zeros((200, 300), np.uint8)
    coverage[100, 20:280] = 1
    selection = Selection.from_array(coverage)
    framing = frame(Rect(0, 0, 300, 200), None, 32, 8)
    drawn = drawn_pixels(selection, framing)
    assert drawn.shape == framing.work_size[::-1]
    assert drawn.any(axis=0).sum() >= 260 * framing.scale


def test_a_drawn_part_takes_the_tone_around_it() -> None:
    """A constant shift of tone vanishes whole, and nothing outside is touched."""
    rng = np.random.default_rng(0)
    known = rng.uniform(0.3, 0.7, (48, 64, 3)).astype(np.float32)
    drawn = np.zeros((48, 64), np.bool_)
    drawn[10:30, 20:50] = True
    shifted = known + np.array([0.1, -0.05, 0.02], np.float32)
    fitted = fitted_to_surroundings(shifted, known, drawn)
    assert np.abs(fitted - known)[drawn].max() < 1e-5
    assert np.array_equal(fitted[~drawn], shifted[~drawn])
    everything = np.ones_like(drawn)
    assert np.array_equal(fitted_to_surroundings(shifted, known, everything), shifted)


@pytest.mark.parametrize("refusal", [WordsUnknown, AlreadyShown])
def test_words_that_are_no_order_describe_what_is_to_be_there(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch, refusal: type[NotUnderstood]
) -> None:
    """A language model that reads orders does not stop "a red door"; other methods refuse it."""

    def describe(*args: object, **options: object) -> None:
        raise refusal(verbatim("no order"))

    monkeypatch.setattr("inference.workflow.prepare.describe", describe)
    everywhere = Selection.from_rect(picture().bounds, 64, 64)

    def found(name: str) -> Preparation:
        job = EditJob((Instruction("a red door"),), picture(), everywhere, methods=(name,))
        return prepare(job, store, CancelToken())[0]

    assert found(NAME).instruction == Instruction("a red door")
    with pytest.raises(refusal, match="no order"):
        found("sdedit")
