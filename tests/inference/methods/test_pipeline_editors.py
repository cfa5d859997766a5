"""Editors that are stock pipelines of diffusers: where their results lie, and what changes them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from editor.model.image import Image
from editor.model.rect import Rect
from editor.model.selection import Selection
from editor.render import composite
from inference.models.families import families
from inference.models.lora_file import LoraUnfit
from inference.models.reference_pictures import ReferenceMissing, reference_refs
from inference.models.store import ModelStore
from inference.request.registry import METHODS, method
from inference.request.settings import BadSetting
from tests.inference import lora_files, tiny_models, tiny_pipelines
from tests.inference.methods.diffusion_cases import request

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

FOLDERS: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "flux-kontext": ("flux_kontext", tiny_models.flux_kontext),
    "flux2-klein": ("flux2_klein", tiny_pipelines.flux2_klein),
    "flux2-klein-kv": ("flux2_klein", partial(tiny_pipelines.flux2_klein, kv=True)),
    "qwen-image-edit": ("qwen_image_edit", tiny_pipelines.qwen_image_edit),
    "qwen-image-edit-plus": (
        "qwen_image_edit", partial(tiny_pipelines.qwen_image_edit, plus=True)
    ),
}  # fmt: skip
WIDTH, HEIGHT = 72, 40
LAYERS = ("to_v", "to_out.0", "proj_out", "net.2", "linear_out")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], ModelStore]:
    """A store with one model, made once for each family."""
    root, made = tmp_path_factory.mktemp("pipelines"), {}

    def store(family: str) -> ModelStore:
        if family not in made:
            FOLDERS[family][1](root / family / "model")
            made[family] = ModelStore([root / family], device="cpu")
        return made[family]

    return store


def source() -> Image:
    return Image.from_array(tiny_models.scene(WIDTH, HEIGHT))


def asked(name: str, seed: int = 0, **settings: Any) -> Any:
    return request(name, seed=seed, num_inference_steps=2, work_size=(WIDTH, HEIGHT), **settings)


def edit(store: ModelStore, *requests: Any, selection: Selection | None = None) -> list[Any]:
    running = method(requests[0].method).load()(store)
    return running.edit(requests, source(), selection, lambda step: None)


@pytest.mark.parametrize("family", FOLDERS)
def test_the_same_request_gives_the_same_pixels_and_none_outside(
    family: str, stores: Callable[[str], ModelStore]
) -> None:
    name, store = FOLDERS[family][0], stores(family)
    assert [one.family for one in store.found] == [family]
    selection = Selection.from_rect(Rect(8, 8, 40, 24), WIDTH, HEIGHT)
    first, other, again = (
        composite.render(source(), patch, selection).array()
        for patch in edit(store, asked(name), asked(name, 5), asked(name), selection=selection)
    )
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    outside = selection.array() == 0
    assert np.array_equal(first[outside], source().array()[outside])


@pytest.mark.parametrize("family", FOLDERS)
def test_a_lora_changes_the_result_and_nothing_stays(
    family: str, stores: Callable[[str], ModelStore], tmp_path: Path
) -> None:
    name, store = FOLDERS[family][0], stores(family)
    model = store.pipeline(name)
    drawn = lora_files.drawn(model.pipeline, {"transformer": LAYERS})
    file = lora_files.written(tmp_path / "a.safetensors", drawn, "diffusers")
    plain, none, adapted, after = (
        patch.pixels
        for patch in edit(
            store, asked(name), asked(name, lora=((str(file), 0.0),)),
            asked(name, lora=((str(file), 2.0),)), asked(name),
        )
    )  # fmt: skip
    assert np.array_equal(plain, none)
    assert np.array_equal(plain, after)
    assert np.abs(plain - adapted).max() > 1 / 255


def test_a_lora_for_another_model_is_refused(
    stores: Callable[[str], ModelStore], tmp_path: Path
) -> None:
    drawn = lora_files.drawn(
        stores("qwen-image-edit").pipeline("qwen_image_edit").pipeline,
        {"transformer": ("img_mlp.net.2",)},
    )
    file = lora_files.written(tmp_path / "a.safetensors", drawn, "diffusers")
    with pytest.raises(LoraUnfit, match="made for another model than model"):
        edit(stores("flux2-klein"), asked("flux2_klein", lora=((str(file), 1.0),)))


@pytest.mark.parametrize("family", [name for name in FOLDERS if name != "flux-kontext"])
def test_the_networks_see_the_source_at_the_size_that_is_drawn(
    family: str, stores: Callable[[str], ModelStore], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stock would reduce it to a megapixel, or enlarge it to one, and draw in another size."""
    name, store = FOLDERS[family][0], stores(family)
    pipeline = store.pipeline(name).pipeline
    seen: list[torch.Size] = []
    encode = pipeline.vae.encode

    def watched(picture: Any, *rest: Any, **more: Any) -> Any:
        seen.append(picture.shape[-2:])
        return encode(picture, *rest, **more)

    monkeypatch.setattr(pipeline.vae, "encode", watched)
    (patch,) = edit(store, asked(name))
    drawn = tuple(patch.pixels.shape[:2])
    assert {tuple(size) for size in seen} == {drawn}
    module = sys.modules[type(pipeline).__module__]
    if hasattr(module, "calculate_dimensions"):
        assert module.calculate_dimensions(1024 * 1024, 1.0)[:2] == (1024, 1024), "put back"


def test_sources_above_a_megapixel_are_not_reduced(stores: Callable[[str], ModelStore]) -> None:
    processor = stores("flux2-klein").pipeline("flux2_klein").pipeline.image_processor
    from PIL import Image as Pillow

    large = Pillow.new("RGB", (1200, 1000))
    assert processor._resize_to_target_area(large, 1024 * 1024) is large
    assert processor.check_image_input(Pillow.new("RGB", (512, 16))).size == (512, 16)


def test_guidance_counts_where_a_model_is_not_distilled(
    stores: Callable[[str], ModelStore], tmp_path: Path
) -> None:
    tiny_pipelines.flux2_klein(tmp_path / "base", distilled=False)
    base = ModelStore([tmp_path], device="cpu")
    for store, counts, steps in ((base, True, 50), (stores("flux2-klein"), False, None)):
        requests = (asked("flux2_klein", guidance_scale=scale) for scale in (1.0, 8.0))
        first, second = (patch.pixels for patch in edit(store, *requests))
        assert np.array_equal(first, second) != counts
        defaults = dict(store.defaults(METHODS["flux2_klein"]))
        assert defaults.get("num_inference_steps") == steps


def test_qwen_leads_away_from_what_is_to_be_avoided(stores: Callable[[str], ModelStore]) -> None:
    store = stores("qwen-image-edit")
    plain, avoiding, without = (
        patch.pixels
        for patch in edit(
            store, asked("qwen_image_edit"), asked("qwen_image_edit", negative_prompt="night"),
            asked("qwen_image_edit", guidance_scale=1.0),
        )
    )  # fmt: skip
    assert not np.array_equal(plain, avoiding)
    assert not np.array_equal(plain, without)


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    """A picture of another ratio and size than the source."""
    from PIL import Image as Pillow

    file = tmp_path / "dog.png"
    Pillow.fromarray(tiny_models.scene(30, 90)).save(file)
    return file


@pytest.mark.parametrize("family", ["flux2-klein", "flux2-klein-kv", "qwen-image-edit-plus"])
def test_reference_pictures_are_seen_beside_the_source(
    family: str,
    stores: Callable[[str], ModelStore],
    reference: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, store = FOLDERS[family][0], stores(family)
    pipeline = store.pipeline(name).pipeline
    sizes: list[tuple[int, ...]] = []
    encode = pipeline.vae.encode

    def watched(picture: Any, *rest: Any, **more: Any) -> Any:
        sizes.append(tuple(picture.shape[-2:]))
        return encode(picture, *rest, **more)

    monkeypatch.setattr(pipeline.vae, "encode", watched)
    shown = asked(name, references=(str(reference),))
    plain, beside, after = edit(store, asked(name), shown, asked(name))
    assert np.array_equal(plain.pixels, after.pixels)
    assert not np.array_equal(plain.pixels, beside.pixels)
    assert plain.pixels.shape == beside.pixels.shape
    drawn = plain.pixels.shape[:2]
    assert [sizes[0], sizes[1], sizes[-1]] == [drawn] * 3
    (height, width) = sizes[2]
    assert height > 1.5 * width, "the reference keeps its ratio"
    assert len(sizes) == 4


def test_a_model_of_one_picture_and_a_changed_reference_are_refused(
    stores: Callable[[str], ModelStore], reference: Path
) -> None:
    files = (str(reference),)
    with pytest.raises(BadSetting, match="model sees one picture only"):
        edit(stores("qwen-image-edit"), asked("qwen_image_edit", references=files))
    refs = reference_refs((("references", files),), lambda: None)
    assert [(ref.role, ref.id) for ref in refs] == [("references", "dog.png")]
    recorded = replace(asked("flux2_klein", references=files), models=refs)
    edit(stores("flux2-klein"), recorded)
    reference.write_bytes(reference.read_bytes() + b"more")
    with pytest.raises(ReferenceMissing, match=r"dog\.png is another one now"):
        edit(stores("flux2-klein"), recorded)
    reference.unlink()
    with pytest.raises(ReferenceMissing, match=r"dog\.png cannot be read"):
        edit(stores("flux2-klein"), recorded)


def test_every_family_of_pipelines_stands_here() -> None:
    from inference.models.pipeline_family import PipelineFamily

    names = {name for name, one in families().items() if isinstance(one, PipelineFamily)}
    assert names == set(FOLDERS)
