"""What `prepare` finds out before an edit, with models of random weights."""

from __future__ import annotations

import json
import shutil
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from editor.errors import NotUnderstood, SelectionNeeded
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.selection import Selection
from inference.ipc.domains import STORYBOOK
from inference.methods.instruct_pix2pix import INFO as INSTRUCT_PIX2PIX
from inference.models import model_domain
from inference.models.errors import ModelDamaged
from inference.models.model_domain import write_world
from inference.models.store import ModelStore
from inference.request import jobs
from inference.request.analysis import Domain
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob
from inference.starter import picture_domain as domain
from inference.workflow.engine import Engine
from inference.workflow.plan import plan_edit, plan_requests
from inference.workflow.preparation import Preparation
from inference.workflow.prepare import prepare
from inference.workflow.refusals import OutsideModels
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)

CHANGE = "turn it into a boat"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    tiny_models.diffusion(root / "ip2p", edits=True)
    tiny_models.blip(root / "blip")
    tiny_models.gpt2(root / "gpt2")
    return root


@pytest.fixture(autouse=True)
def _no_verdict_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests say of one and the same picture that it fits and that it does not."""
    monkeypatch.setattr(model_domain, "_verdicts", OrderedDict())


def picture() -> Image:
    return Image.from_array(tiny_models.scene(80, 60))


def run(
    store: ModelStore, instruction: Instruction, **options: Any
) -> tuple[Preparation, list[str]]:
    """What is found out, and the stages that were said."""
    stages: list[str] = []
    (found,) = prepare(job(instruction, **options), store, CancelToken(), stages.append)
    return found, stages


def job(instruction: Instruction, **options: Any) -> EditJob:
    return EditJob((instruction,), picture(), **options)


def test_the_picture_is_captioned_where_a_model_goes_first(models: Path) -> None:
    ready, stages = run(ModelStore([models], device="cpu"), Instruction(CHANGE))
    assert "captioning" in stages
    assert ready.methods == ("instruct_pix2pix",)
    assert ready.caption
    assert ready.instruction.source_prompt == ready.caption
    assert ready.domain is None  # these models were made for no world of their own
    assert ready.warning is None


def test_what_the_artist_wrote_stays(models: Path) -> None:
    own = Instruction(CHANGE, "a red house", "a boat")
    ready, _ = run(ModelStore([models], device="cpu"), own)
    assert ready.instruction == own
    assert ready.caption == "a red house"


def test_words_that_need_no_model_wait_for_none(models: Path) -> None:
    store = ModelStore([models], device="cpu")
    ready, stages = run(store, Instruction("warmer"))
    assert ready.methods[0] == "adjust"
    assert stages == []
    assert store.loaded_bytes == 0


@pytest.mark.parametrize(
    "text",
    ["as a watercolour", "the same picture at dusk", "rainy weather", "wintry", "in watercolors"],
)
def test_what_tone_could_only_hint_at_is_painted(models: Path, text: str) -> None:
    store = ModelStore([models], device="cpu")
    ready, _ = run(store, Instruction(text, "a boat"))
    assert ready.methods == ("instruct_pix2pix",)
    assert ready.wanted_changes == ()
    by_hand, _ = run(store, Instruction(text, "a boat"), methods=("adjust",))
    assert by_hand.methods == ("adjust",)
    assert by_hand.wanted_changes
    without, _ = run(ModelStore([], device="cpu"), Instruction(text))
    assert without.methods == ("adjust",)


def test_without_captioner_and_language_model_editing_goes_on(models: Path) -> None:
    ready, stages = run(ModelStore([models / "ip2p"], device="cpu"), Instruction(CHANGE))
    assert (ready.caption, ready.question, stages) == (None, None, [])


@pytest.mark.parametrize("broken", ["blip", "gpt2"])
def test_a_broken_helper_model_is_left_out_with_a_sentence(
    models: Path, tmp_path: Path, broken: str
) -> None:
    shutil.copytree(models, tmp_path / "own")
    config = tmp_path / "own" / broken / "config.json"
    values = json.loads(config.read_text())
    values.get("text_config", values)["vocab_size"] = 7  # its weights have other sizes
    config.write_text(json.dumps(values))
    ready, _ = run(ModelStore([tmp_path / "own"], device="cpu"), Instruction(CHANGE))
    assert ready.methods == ("instruct_pix2pix",)
    assert (ready.caption is None) == (broken == "blip")
    (sentence,) = map(str, ready.skipped)
    assert f"The model {broken} cannot be loaded" in sentence
    assert sentence.endswith("It is left out here.")


@pytest.mark.parametrize("broken", ["blip", "gpt2"])
def test_a_helper_model_that_raises_anything_is_left_out(
    models: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("probability tensor contains either inf, nan or element < 0")

    place = "serve.captions" if broken == "blip" else "directions.directions"
    monkeypatch.setattr(f"inference.language.{place}", fail)
    ready, _ = run(ModelStore([models], device="cpu"), Instruction(CHANGE))
    (sentence,) = map(str, ready.skipped)
    assert sentence.startswith(f"The model {broken} failed: probability tensor")


@pytest.mark.parametrize("fits", [True, False])
def test_starter_models_say_where_their_world_ends(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: bool
) -> None:
    verdict = domain.Verdict(fits, 0.8 if fits else 0.1)
    monkeypatch.setattr(domain, "storybook", lambda pixels: verdict)
    shutil.copytree(models / "ip2p", tmp_path / "own" / "instruct-pix2pix")
    write_world(tmp_path / "own" / "instruct-pix2pix", STORYBOOK)
    store = ModelStore([tmp_path / "own"], device="cpu")
    if fits:
        ready, _ = run(store, Instruction(CHANGE))
        assert ready.domain == Domain(fits, verdict.score)
        assert ready.warning is None
    else:  # repainting takes an explicit choice
        with pytest.raises(OutsideModels, match="storybook scenes"):
            run(store, Instruction(CHANGE))
        ready, _ = run(store, Instruction(CHANGE), methods=("instruct_pix2pix",))
        assert ready.domain == Domain(fits, verdict.score)
        assert "storybook scenes" in str(ready.warning)
    # What needs no model is done without, and without a warning.
    ready, _ = run(store, Instruction("warmer"))
    assert ready.methods == (("adjust", "instruct_pix2pix") if fits else ("adjust",))
    assert ready.warning is None


def test_a_cancel_is_heard_while_captioning(models: Path) -> None:
    store = ModelStore([models], device="cpu")
    token = CancelToken()
    events: list[jobs.Event] = []

    def emit(event: jobs.Event) -> None:
        events.append(event)
        if isinstance(event, jobs.Progress) and event.stage == "captioning":
            token.cancel()

    store.captioner()
    Engine(store).run(job(Instruction(CHANGE)), emit, token)
    assert isinstance(events[-1], jobs.JobCancelled)


def test_a_model_brings_settings_that_suit_it(models: Path, tmp_path: Path) -> None:
    own = tmp_path / "models"
    shutil.copytree(models / "ip2p", own / "ip2p")
    store = ModelStore([own], device="cpu")
    told = own / "ip2p" / "sampling.json"
    told.write_text('{"guidance_scale": 3.0, "strange": 1}', "utf-8")
    ready, _ = run(store, Instruction(CHANGE, "a house", "a boat"))
    (request, *_) = plan_requests(ready, source_digest="d")
    assert dict(request.settings)["guidance_scale"] == 3.0
    assert "strange" not in dict(request.settings)
    by_hand = plan_requests(ready, source_digest="d", settings=(("guidance_scale", 5.0),))
    assert dict(by_hand[0].settings)["guidance_scale"] == 5.0
    told.write_text('{"guidance_scale": 3, "instruct_pix2pix": {"guidance_scale": 4}}', "utf-8")
    assert dict(store.defaults(INSTRUCT_PIX2PIX))["guidance_scale"] == 4.0
    told.write_text('{"guidance_scale": 3, "generate": {"guidance_scale": 4}}', "utf-8")
    assert dict(store.defaults(INSTRUCT_PIX2PIX))["guidance_scale"] == 3.0
    for broken in ('{"instruct_pix2pix": 5}', '{"guidance_scale": 900}', "[1]", "{", "[" * 100_000):
        told.write_text(broken, "utf-8")
        with pytest.raises(ModelDamaged):
            store.defaults(INSTRUCT_PIX2PIX)


def test_settings_of_a_model_that_cannot_be_used_stop_only_that_model(
    models: Path, tmp_path: Path
) -> None:
    own = tmp_path / "models"
    shutil.copytree(models / "ip2p", own / "ip2p")
    (own / "ip2p" / "sampling.json").write_text('{"guidance_scale": 0.5}', "utf-8")
    store = ModelStore([own], device="cpu")
    ready, _ = run(store, Instruction("brighter"))
    assert ready.methods == ("adjust",)
    told: list[jobs.Event] = []
    by_name = job(Instruction(CHANGE), methods=("instruct_pix2pix",))
    Engine(store).run(by_name, told.append, CancelToken())
    assert isinstance(told[-1], jobs.JobFailed)
    assert (
        str(told[-1].message)
        == "The model ip2p brings settings that cannot be used: sampling.json."
    )


def test_candidates_vary_about_what_the_model_brings(models: Path, tmp_path: Path) -> None:
    own = tmp_path / "models"
    shutil.copytree(models / "ip2p", own / "ip2p")
    store = ModelStore([own], device="cpu")

    def held() -> list[float]:
        ready, _ = run(store, Instruction(CHANGE, "a house", "a boat"))
        found = plan_requests(ready, source_digest="d", count=3)
        return [dict(request.settings)["image_guidance_scale"] for request in found]

    assert held() == [1.5, 1.2, 1.8]
    (own / "ip2p" / "sampling.json").write_text('{"image_guidance_scale": 1.25}', "utf-8")
    assert held() == pytest.approx([1.25, 1.0, 1.5])


@pytest.mark.parametrize("fits", [True, False])
def test_a_recolour_without_a_selection_is_painted_only_where_models_know_the_picture(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: bool
) -> None:
    verdict = domain.Verdict(fits, 0.8 if fits else 0.1)
    monkeypatch.setattr(domain, "storybook", lambda pixels: verdict)
    shutil.copytree(models / "ip2p", tmp_path / "own" / "instruct-pix2pix")
    write_world(tmp_path / "own" / "instruct-pix2pix", STORYBOOK)
    store = ModelStore([tmp_path / "own"], device="cpu")
    words = Instruction("paint the house blue")
    if fits:
        assert run(store, words)[0].methods == ("instruct_pix2pix",)
    else:
        with pytest.raises(SelectionNeeded, match="the house"):
            run(store, words)
    ready, _ = run(store, Instruction("make the red house blue"))
    assert ready.methods == (("instruct_pix2pix",) if fits else ("adjust",))
    whole = Selection.from_rect(picture().bounds, 80, 60)
    ready, _ = run(store, words, selection=whole)
    assert ready.methods[0] == "adjust"


def test_auto_takes_what_fits_best_of_what_is_able(tmp_path: Path) -> None:
    """Those that need captions are not, without a captioner; `inpaint` waits to be named."""
    tiny_models.diffusion(tmp_path / "sd", edits=False)
    tiny_models.diffusion(tmp_path / "ip2p", edits=True)
    store, source = ModelStore([tmp_path]), Image.from_array(tiny_models.scene(40, 30))
    for named, expected in (((), ("instruct_pix2pix", "sdedit")), (("sdedit",), ("sdedit",))):
        job = EditJob((Instruction("replace the boat"),), source, methods=named)
        assert prepare(job, store, CancelToken())[0].methods == expected


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ("inpaint", "Fill the selection was left out: nothing is selected."),
        ("prompt_to_prompt", "it needs to know what the picture shows before and after."),
    ],
)
def test_of_several_methods_the_one_that_lacks_something_is_left_out_alone(
    tmp_path: Path, other: str, sentence: str
) -> None:
    tiny_models.diffusion(tmp_path / "sd", edits=False)
    store, source = ModelStore([tmp_path], device="cpu"), picture()
    job = EditJob((Instruction("replace the boat"),), source, methods=("sdedit", other), count=4)
    found = prepare(job, store, CancelToken())
    assert found[0].methods == ("sdedit",)
    assert [str(one).endswith(sentence) for one in found[0].skipped] == [True]
    requests = plan_edit(job, found, source, None).requests
    assert [request.method for request in requests] == ["sdedit"] * 4


def test_a_method_alone_without_the_selection_it_needs_is_refused(tmp_path: Path) -> None:
    tiny_models.diffusion(tmp_path / "sd", edits=False)
    job = EditJob((Instruction("a boat"),), picture(), methods=("inpaint",))
    with pytest.raises(SelectionNeeded, match="nothing is selected"):
        prepare(job, ModelStore([tmp_path], device="cpu"), CancelToken())


@pytest.mark.parametrize(
    ("size", "refused"), [((60, 40), True), ((5704, 3803), True), ((64, 40), False)]
)
def test_a_crop_to_the_shape_that_is_there_is_refused_at_once(
    tmp_path: Path, size: tuple[int, int], *, refused: bool
) -> None:
    source = Image.from_array(np.zeros((size[1], size[0], 3), np.uint8))
    store, wanted = ModelStore([tmp_path], device="cpu"), "crop to 3:2"
    if refused:
        with pytest.raises(NotUnderstood, match="that shape already"):
            prepare(EditJob((Instruction(wanted),), source), store, CancelToken())
        wanted = f"{wanted} and warmer"  # there is something to do
    assert prepare(EditJob((Instruction(wanted),), source), store, CancelToken())
