from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from inference.models.catalogue.entry import CatalogueEntry, Fact, HubSource, PackageSource
from inference.models.catalogue.fits import CatalogueFit, fit, fits
from inference.models.catalogue.reader import BadCatalogue, catalogue, read_catalogue
from inference.models.devices import Device
from inference.models.families import families
from inference.models.roles import ROLE_NAMES
from inference.models.store import ModelStore
from inference.request.device_info import DeviceInfo
from tests.inference import tiny_models

SHIPPED = list(catalogue().values())

GOOD = """
[[model]]
id = "a-model"
title = "A"
family = "causal-language"
roles = ["chat"]
use = "words"
licence = "unknown"
parameters = { value = 7, source = "counted", date = 2026-11-30 }
[model.hub]
repository = "owner/name"
revision = "unknown"
bytes = "unknown"
files = ["*.json"]
"""

PACKAGE = """
[[model]]
id = "a-model"
title = "A"
family = "causal-language"
roles = ["chat"]
use = "words"
licence = "unknown"
parameters = "unknown"
[model.package]
package = "p"
version = "1"
wheel = "p-1-py3-none-any.whl"
bytes = 1
sha256 = "SUM"
python = "3.11"
platform = "any"
source = "measured"
date = 2026-11-30
files = [{ path = "p/w.safetensors", name = "w.safetensors", bytes = 1, sha256 = "SUM" }]
""".replace("SUM", "0" * 64)


def read(tmp_path: Path, text: str) -> CatalogueEntry:
    file = tmp_path / "models.toml"
    file.write_text(text, "utf-8")
    (entry,) = read_catalogue(file).values()
    return entry


def facts(entry: CatalogueEntry) -> list[Fact[str] | Fact[int]]:
    found: list[Fact[str] | Fact[int]] = [entry.licence, entry.parameters]
    if isinstance(entry.source, HubSource):
        found += [entry.source.revision, entry.source.bytes]
    return found


def test_the_shipped_catalogue_has_the_models_that_are_asked_for() -> None:
    assert len(SHIPPED) >= 25
    names = " ".join(entry.title for entry in SHIPPED)
    for wanted in (
        "InstructPix2Pix", "Stable Diffusion 1.5", "Inpainting", "Stable Diffusion XL", "SDXL",
        "Kontext", "klein", "Qwen-Image-Edit", "2509", "BLIP", "Florence-2", "Qwen2.5-VL",
        "SmolVLM", "ViT-B/32", "ViT-L/14", "SigLIP 2", "CLIPSeg", "SAM 2", "GPT-2", "Phi-2",
        "SmolLM2", "Qwen3 0.6B", "Qwen3 1.7B", "aesthetic", "PickScore",
    ):  # fmt: skip
        assert wanted in names
    packages = {entry.id for entry in SHIPPED if isinstance(entry.source, PackageSource)}
    assert packages == {
        "smollm2-135m-instruct", "selfie-segmentation", "dat-light-x2", "dat-light-x3",
        "dat-light-x4", "minilm-l6",
    }  # fmt: skip


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda entry: entry.id)
def test_every_fact_has_a_source_and_a_date_or_is_unknown(entry: CatalogueEntry) -> None:
    for fact in facts(entry):
        assert (fact.value is None) == (fact.source == "") == (fact.date == "")
    assert str(entry.good_for).endswith(".")


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda entry: entry.id)
def test_what_a_family_here_loads_serves_one_of_its_roles(entry: CatalogueEntry) -> None:
    family = families().get(entry.family)
    if family is not None:
        assert set(entry.roles) <= set(family.roles) <= set(ROLE_NAMES)


def test_pickscore_names_the_family_that_its_layout_belongs_to(tmp_path: Path) -> None:
    tiny_models.human_preference(tmp_path / "PickScore_v1")
    (found,) = ModelStore([tmp_path]).found
    assert found.family == catalogue()["pickscore"].family


def test_a_model_of_the_hub_is_read(tmp_path: Path) -> None:
    entry = read(tmp_path, GOOD)
    assert entry.licence == Fact()
    assert entry.parameters == Fact(7, "counted", "2026-11-30")
    assert entry.source == HubSource("owner/name", ("*.json",), Fact(), Fact())
    assert entry.download_bytes is None
    assert entry.memory() == {"float32": 28, "float16": 14, "bfloat16": 14}
    assert replace(entry, parameters=Fact()).memory() == {}


def test_a_package_is_read(tmp_path: Path) -> None:
    entry = read(tmp_path, PACKAGE)
    assert isinstance(entry.source, PackageSource)
    assert (entry.source.convert, entry.source.unpacked_bytes, entry.download_bytes) == ("", 1, 1)
    assert entry.source.date == "2026-11-30"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "a-model"', 'id = "A/../b"', "an id"),
        ('title = "A"', 'title = ""', "title"),
        ('roles = ["chat"]', 'roles = "chat"', "roles"),
        ('licence = "unknown"', 'licence = "MIT"', "licence is no fact"),
        ("value = 7", "value = true", "value is no number"),
        (', source = "counted"', "", "source"),
        (", date = 2026-11-30", "", "date"),
        ('revision = "unknown"', 'revision = { value = "main", source = "x", date = 2026-11-30 }',
         "whole commit"),
        ("[model.hub]", "[model.page]", "one of package and hub"),
        ("[[model]]", "[[model", "line"),
    ],
)  # fmt: skip
def test_a_catalogue_of_another_form_is_refused(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(BadCatalogue, match=said):
        read(tmp_path, GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('name = "w.safetensors"', 'name = "../w.safetensors"', "leads elsewhere"),
        ('name = "w.safetensors"', 'name = "/w.safetensors"', "leads elsewhere"),
        ('wheel = "p-1-py3', 'wheel = "../p-1-py3', "leads elsewhere"),
        ("0" * 64, "0" * 63, "SHA-256"),
        ('source = "measured"', 'convert = "exec"\nsource = "measured"', "conversion"),
    ],
)
def test_a_package_of_another_form_is_refused(
    old: str, new: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(BadCatalogue, match=said):
        read(tmp_path, PACKAGE.replace(old, new))


def test_two_models_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCatalogue, match="twice"):
        read(tmp_path, GOOD + GOOD)


@pytest.mark.parametrize(
    ("count", "types", "answer"),
    [
        (None, (), None),
        (1_000_000_000, (), False),  # 4 GB in float32, 0.6 of 5 GB are 3
        (1_000_000_000, ("float16",), True),
        (50_000_000, (), True),
    ],
)
def test_what_fits_a_computer(
    count: int | None, types: tuple[str, ...], answer: bool | None, tmp_path: Path
) -> None:
    device = Device("cuda", "a card", frozenset(types), 5_000_000_000)
    fact = Fact(count, "s", "d") if count is not None else Fact[int]()
    for family in ("causal-language", "a-family-to-come"):
        entry = replace(read(tmp_path, GOOD), parameters=fact, family=family)
        assert fits(entry, device) is answer


@pytest.mark.parametrize(
    ("count", "family", "kind", "answer"),
    [
        (None, "flux-kontext", "cuda", CatalogueFit.UNKNOWN),
        (1_000_000_000, "flux-kontext", "cuda", CatalogueFit.FITS),
        (4_000_000_000, "flux-kontext", "cuda", CatalogueFit.SLOWER),  # 8 GB; .6 of 5 and of 16 GB
        (4_000_000_000, "flux-kontext", "cpu", CatalogueFit.TOO_LARGE),
        (9_000_000_000, "flux-kontext", "cuda", CatalogueFit.TOO_LARGE),
        (4_000_000_000, "causal-language", "cuda", CatalogueFit.TOO_LARGE),
        (1_000, "a-family-to-come", "cuda", CatalogueFit.UNUSED),
    ],
)
def test_what_a_computer_can_do_with_a_model(
    count: int | None, family: str, kind: str, answer: CatalogueFit, tmp_path: Path
) -> None:
    device = DeviceInfo(kind, "a card", frozenset({"bfloat16", "float16"}), 5_000_000_000)
    fact = Fact(count, "s", "d") if count is not None else Fact[int]()
    entry = replace(read(tmp_path, GOOD), parameters=fact, family=family)
    assert fit(entry, device, 16_000_000_000) is answer


@pytest.mark.parametrize(("times", "answer"), [(14, CatalogueFit.FITS), (13, CatalogueFit.UNKNOWN)])
def test_small_files_fit_whatever_is_in_them(
    times: int, answer: CatalogueFit, tmp_path: Path
) -> None:
    entry = replace(read(tmp_path, PACKAGE), parameters=Fact[int](), family="dat")
    assert isinstance(entry.source, PackageSource)
    memory = entry.source.unpacked_bytes * times  # .6 of it holds eight times the files
    assert fit(entry, DeviceInfo("cpu", "CPU", frozenset(), memory)) is answer
