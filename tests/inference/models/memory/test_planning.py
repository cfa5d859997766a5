"""Predictions and plans for models of true sizes, of which only configs and headers are here."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from inference.models.devices import Device
from inference.models.found_model import FoundModel
from inference.models.libraries import prepare_libraries
from inference.models.memory.activations import activation_elements
from inference.models.memory.parts import NetworkPart, network_parts
from inference.models.memory.plan import WHOLE, MemoryPlan, Residence, plans
from inference.models.memory.planner import MemoryPlanner
from inference.models.memory.prediction import Precision, RunSize, predict
from inference.models.pipeline_folder import side_of
from inference.models.single_file import layout_folder
from inference.models.store import ModelStore
from tests.inference.models.small_files import safetensors

GB = 1_000_000_000
BYTES = {"F16": 2, "F32": 4}
CPU = Device("cpu", "CPU", frozenset(), 24 * GB)
CUDA = Device("cuda", "card", frozenset({"float16"}), 24 * GB)


def headers_only(folder: Path, stored: str) -> Path:
    """Stable Diffusion 1.5 at its true size: sparse files with a header and nothing else."""
    prepare_libraries()
    from accelerate import init_empty_weights
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextConfig, CLIPTextModel

    layout = layout_folder("stable-diffusion-1")
    kinds = {
        "text_encoder": (lambda values: CLIPTextModel(CLIPTextConfig(**values)), "CLIPTextModel"),
        "vae": (AutoencoderKL.from_config, "AutoencoderKL"),
        "unet": (UNet2DConditionModel.from_config, "UNet2DConditionModel"),
    }
    index: dict[str, object] = {"_class_name": "StableDiffusionPipeline"}
    for part, (make, kind) in kinds.items():
        values = json.loads((layout / part / "config.json").read_text("utf-8"))
        with init_empty_weights():
            state = make(values).state_dict()
        (folder / part).mkdir(parents=True)
        (folder / part / "config.json").write_text(json.dumps(values), "utf-8")
        shapes = {key: tuple(tensor.shape) for key, tensor in state.items()}
        safetensors(folder / part / "model.safetensors", shapes, stored)
        library = "transformers" if part == "text_encoder" else "diffusers"
        index[part] = [library, kind]
    for part in ("tokenizer", "scheduler"):
        (folder / part).mkdir()
    (folder / "scheduler" / "scheduler_config.json").write_text("{}")
    index |= {"tokenizer": ["transformers", "CLIPTokenizer"]}
    (folder / "model_index.json").write_text(json.dumps(index), "utf-8")
    return folder


@pytest.fixture(scope="module", params=["F16", "F32"])
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> FoundModel:
    folder = headers_only(tmp_path_factory.mktemp("sd") / "model", request.param)
    (model,) = ModelStore([folder.parent]).found
    return model


def test_the_parts_are_read_from_headers(found: FoundModel) -> None:
    parts = {part.name: part for part in network_parts(found)}
    assert {name: round(part.elements / 1e6) for name, part in parts.items()} == {
        "text_encoder": 123,
        "vae": 84,
        "unet": 860,
    }
    stored = BYTES[parts["unet"].file_type]
    assert parts["unet"].file_bytes == pytest.approx(parts["unet"].elements * stored, rel=0.001)
    assert [part.is_autoencoder for part in parts.values()].count(True) == 1


def test_float32_of_16_bit_files_peaks_while_it_is_loaded(found: FoundModel) -> None:
    """The file of the UNet is mapped until it is converted: 6.4 GB were measured for 2.1 GB."""
    parts = network_parts(found)
    stored = BYTES[parts[0].file_type]
    run = RunSize(512, 512, 2)
    peak = predict(parts, Precision("float32", "cpu"), WHOLE, run).main
    assert peak / GB == pytest.approx(6.46 if stored == 2 else 5.87, rel=0.02)
    short = predict(parts, Precision("float32", "cpu"), MemoryPlan(kept_as="float16"), run).main
    assert short / GB == pytest.approx(4.8 if stored == 2 else 6.5, rel=0.05)


def test_more_pixels_and_rows_take_more_and_tiles_less(found: FoundModel) -> None:
    parts, precision = network_parts(found), Precision("float16", "cuda")
    small, large = RunSize(512, 512, 2), RunSize(1024, 1024, 2)
    whole = [predict(parts, precision, WHOLE, run).device for run in (small, large)]
    tiled = predict(parts, precision, MemoryPlan(tiles=True), large).device
    assert whole[0] < whole[1]
    assert tiled < whole[1] - GB
    more = predict(parts, precision, WHOLE, replace(small, rows=12)).device
    assert more > whole[0]


def test_each_reference_picture_takes_as_much_as_the_edited_one() -> None:
    transformer = NetworkPart("transformer", "Flux2Transformer2DModel", 4 * GB, GB, 8 * GB, "F16")
    autoencoder = NetworkPart("vae", "AutoencoderKLFlux2", GB // 10, GB // 100, GB // 5, "F16")
    counts = [activation_elements(transformer, 1024, 512, 2, n) for n in range(4)]
    assert {after - before for before, after in pairwise(counts)} == {2 * 16 * 64 * 32 * 24 * 128}
    encoded = {activation_elements(autoencoder, 1024, 512, 2, n) for n in range(4)}
    assert len(encoded) == 1, "they are encoded in turn"
    precision, run = Precision("bfloat16", "cuda", "bfloat16"), RunSize(1024, 1024, 2, 3)
    peaks = [
        predict((transformer, autoencoder), precision, WHOLE, one).device
        for one in (replace(run, references=0), run)
    ]
    assert peaks[0] < peaks[1]
    assert run.at(0.5) == RunSize(512, 512, 2, 3), "smaller pictures, as many of them"


def test_the_plans_of_a_card_take_less_and_less(found: FoundModel) -> None:
    parts, precision = network_parts(found), Precision("float16", "cuda")
    ways = plans("cuda", "")
    assert [way.residence for way in ways[:5]] == [
        Residence.RESIDENT,
        Residence.RESIDENT,
        *list(Residence)[1:],
    ]
    peaks = [predict(parts, precision, way, RunSize(1024, 1024, 4)).device for way in ways]
    assert peaks == sorted(peaks, reverse=True)
    for before, after in pairwise(ways):
        assert after.is_within(before)
        assert str(after.step_from(before)).startswith("Memory is short: ")


@pytest.mark.parametrize(
    ("kind", "gigabytes", "wanted"),
    [
        ("cpu", 24, "resident"),
        ("cpu", 6, "resident + float16 weights"),
        ("mps", 6, "resident + float16 weights"),
        ("cuda", 24, "resident"),
        ("cuda", 3.9, "resident + tiles"),
        ("cuda", 3.0, "model_offload + tiles"),
        ("cuda", 1.6, "group_offload + tiles"),
        ("xpu", 24, "resident"),
        ("xpu", 3.0, "model_offload + tiles"),
    ],
)
def test_the_fastest_plan_that_fits_is_chosen(
    found: FoundModel, kind: str, gigabytes: float, wanted: str
) -> None:
    if found.bytes > 3 * GB and kind in {"cpu", "mps"} and gigabytes < 24:
        pytest.skip("files of float32 have to be converted, which takes more")
    types = frozenset({"float16"}) if kind in {"cuda", "xpu"} else frozenset()
    device = Device(kind, kind, types, round(gigabytes * GB))
    planner = MemoryPlanner()
    planner.run = RunSize(768, 768, 2)
    planned = planner.choose(found, device, round(device.bytes * 0.9))
    assert planned is not None
    assert planned.fits
    assert planned.plan.name == wanted


def test_where_nothing_fits_the_smallest_is_named(found: FoundModel) -> None:
    planned = MemoryPlanner().choose(found, replace(CPU, bytes=GB // 2), GB // 2)
    assert planned is not None
    assert not planned.fits
    assert planned.plan.work_share == 0.5
    assert MemoryPlanner().lighten(found, replace(CPU, bytes=GB // 2), GB // 2) is None


def test_what_did_not_suffice_is_not_tried_again(found: FoundModel) -> None:
    planner, seen = MemoryPlanner(), []
    while (done := planner.lighten(found, CUDA, 20 * GB)) is not None:
        planned = planner.choose(found, CUDA, 20 * GB)
        assert planned is not None
        seen.append((str(done), planned.plan.name))
    assert [name for _, name in seen] == [
        "resident + tiles",
        "model_offload + tiles",
        "group_offload + tiles",
        "sequential_offload + tiles",
        "sequential_offload + tiles + work size 0.75",
        "sequential_offload + tiles + work size 0.5",
    ]
    assert len({said for said, _ in seen}) == len(seen)


@pytest.mark.parametrize(
    "values",
    [
        {"block_out_channels": 10**400}, {"block_out_channels": [None]},
        {"block_out_channels": [float("inf")]}, {"block_out_channels": {"a": 1}},
        {"block_out_channels": [0]}, {"block_out_channels": "32"}, [1],
    ],
)  # fmt: skip
def test_models_with_sizes_that_no_network_has_are_not_planned(
    found: FoundModel, values: object
) -> None:
    config = found.folder / "vae" / "config.json"
    whole = config.read_text("utf-8")
    try:
        config.write_text(json.dumps(values), "utf-8")
        assert MemoryPlanner().prepare(found) is None
        assert MemoryPlanner().choose(found, CPU, 9 * GB) is None
    finally:
        config.write_text(whole, "utf-8")


@pytest.mark.parametrize("size", [10**400, "64", 0, -1, True, [], [1e308]])
def test_a_config_that_names_no_real_size_is_refused(found: FoundModel, size: object) -> None:
    config = found.folder / "unet" / "config.json"
    whole = config.read_text("utf-8")
    assert side_of(found.folder) == 512
    try:
        config.write_text(json.dumps({**json.loads(whole), "sample_size": size}), "utf-8")
        with pytest.raises((ValueError, TypeError)):
            side_of(found.folder)
    finally:
        config.write_text(whole, "utf-8")


def test_models_without_an_autoencoder_are_not_planned(found: FoundModel) -> None:
    assert MemoryPlanner().choose(replace(found, parts=None), CUDA, GB) is None
