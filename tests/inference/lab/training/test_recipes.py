"""Every recipe at toy size: a few steps on one batch lower its loss; its folder loads with stock
code alone, with no network; what the sources fix is kept exactly."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from inference.lab.storybook.instructions import instruct
from inference.lab.training import instruct_pix2pix
from inference.lab.training.autoencoder import AutoencoderRecipe, edge_loss, to_pixels, to_tensor
from inference.lab.training.captioner import CaptionerRecipe, CaptionerSize
from inference.lab.training.clip import (
    ClipRecipe,
    normalise,
    text_encoder,
    token_ids,
)
from inference.lab.training.clip_text_pretrain import ReaderRecipe
from inference.lab.training.export import install
from inference.lab.training.instruct_pix2pix import InstructPix2PixRecipe
from inference.lab.training.judge import JudgeRecipe, load_judge
from inference.lab.training.language import LanguageRecipe, LanguageSize
from inference.lab.training.latents import Latents, encode_pairs
from inference.lab.training.pairs import BothSides
from inference.lab.training.score_heads import ScoreHeadRecipe
from inference.lab.training.text_to_image import TextToImageRecipe, UNetSize, new_unet
from inference.lab.training.trainer import Recipe, Training, TrainingPlan, train
from inference.starter.captions import canonical
from tests.inference.lab.training.sizes import CLIP, SIDE

# diffusers' schedulers build numpy arrays from tensors in a way that numpy 2 warns about.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

UNET = UNetSize(sample=4, channels=(16, 16), attention=(True, False), heads=2, groups=8, context=32)
PLAN = TrainingPlan(steps=100, lr=3e-3, warmup=1)


@pytest.fixture(scope="module")
def latents(vae: Any, pairs: Any, tmp_path_factory: pytest.TempPathFactory) -> Latents:
    return encode_pairs(vae, pairs, tmp_path_factory.mktemp("latents"), chunk=10)


@pytest.fixture(scope="module")
def recipes(
    pairs: Any, words: Any, language_words: Any, vae: Any, latents: Latents, clip: Any
) -> dict[str, Recipe]:
    tower = text_encoder(clip, words)
    torch.manual_seed(2)
    made: list[Recipe] = [
        AutoencoderRecipe(BothSides(pairs), SIDE, (8, 8, 8, 16), batch_size=2, plan=PLAN),
        JudgeRecipe(pairs, batch_size=8, channels=(8, 8, 16, 16), plan=PLAN),
        ClipRecipe(pairs, words, CLIP, batch_size=8, plan=PLAN),
        ReaderRecipe(words, clip, CLIP, batch_size=8, plan=PLAN),
        TextToImageRecipe(pairs, latents, vae, tower, words, UNET, batch_size=4, plan=PLAN),
        InstructPix2PixRecipe(
            pairs, latents, vae, new_unet(UNET), tower, words, batch_size=4, plan=PLAN
        ),
        CaptionerRecipe(pairs, clip, words, CaptionerSize(1, 1, 32, 2, 40), 4, plan=PLAN),
        ScoreHeadRecipe(pairs, clip, words, "", "aesthetic", groups=4, plan=PLAN),
        ScoreHeadRecipe(pairs, clip, words, "", "preference", groups=4, plan=PLAN),
        LanguageRecipe(language_words, LanguageSize(1, 32, 2, 160), batch_size=6, plan=PLAN),
    ]
    return {recipe.name: recipe for recipe in made}


NAMES = (
    "autoencoder",
    "judge",
    "clip",
    "reader",
    "text-to-image",
    "instruct-pix2pix",
    "captioner",
    "aesthetic",
    "preference",
    "language",
)


@pytest.mark.parametrize("name", NAMES)
def test_steps_on_one_batch_lower_the_loss(
    name: str, recipes: dict[str, Recipe], tmp_path: Path
) -> None:
    recipe = recipes[name]
    training = Training(recipe, tmp_path)
    batch = recipe.batch(0, np.random.default_rng(0))
    losses = []
    for _ in range(5):
        training.step = 5  # the same noise each time, past the warm-up
        losses.append(training.advance(batch)["loss"])
    assert losses[-1] < losses[0]
    assert np.isfinite(losses).all()


@pytest.mark.parametrize("name", NAMES)
def test_batches_depend_on_step_and_generator_only(name: str, recipes: dict[str, Recipe]) -> None:
    first = recipes[name].batch(3, np.random.default_rng([0, 3]))
    again = recipes[name].batch(3, np.random.default_rng([0, 3]))
    other = recipes[name].batch(3, np.random.default_rng([0, 4]))
    assert all(torch.equal(first[k], again[k]) for k in first)
    assert any(
        first[k].shape != other[k].shape or not torch.equal(first[k], other[k]) for k in first
    )


def exported(recipe: Recipe, folder: Path) -> Path:
    torch.manual_seed(3)
    network = recipe.network().eval()
    install(lambda draft: recipe.export(network, draft), folder)
    for path in [folder, *folder.rglob("*")]:
        wanted = 0o755 if path.is_dir() else 0o644
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
        if path.suffix == ".safetensors":
            floats = [v.dtype for v in load_file(path).values() if v.is_floating_point()]
            assert set(floats) == {torch.float16}, path
    assert not [p for p in folder.parent.iterdir() if p.name.startswith(".")]
    return folder


@pytest.mark.usefixtures("no_network")
def test_text_to_image_loads_as_stable_diffusion(
    recipes: dict[str, Recipe], tmp_path: Path
) -> None:
    from diffusers import StableDiffusionPipeline

    pipeline = StableDiffusionPipeline.from_pretrained(
        exported(recipes["text-to-image"], tmp_path / "t2i")
    )
    pipeline.set_progress_bar_config(disable=True)
    out = pipeline("a red house at night", num_inference_steps=2, height=SIDE, width=SIDE)
    assert out.images[0].size == (SIDE, SIDE)


@pytest.mark.usefixtures("no_network")
def test_instruct_pix2pix_loads_as_its_stock_pipeline(
    recipes: dict[str, Recipe], tmp_path: Path, pairs: Any
) -> None:
    from diffusers import StableDiffusionInstructPix2PixPipeline

    pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(
        exported(recipes["instruct-pix2pix"], tmp_path / "ip2p")
    )
    pipeline.set_progress_bar_config(disable=True)
    picture = Image.fromarray(pairs.pixels[0, 0])
    out = pipeline("make it night", image=picture, num_inference_steps=2)
    assert out.images[0].size == (SIDE, SIDE)


@pytest.mark.usefixtures("no_network")
def test_clip_loads_as_an_open_clip_folder(
    recipes: dict[str, Recipe], tmp_path: Path, pairs: Any
) -> None:
    import open_clip

    folder = exported(recipes["clip"], tmp_path / "clip")
    model, _, preprocess = open_clip.create_model_and_transforms(f"local-dir:{folder}")
    tokenizer = open_clip.get_tokenizer(f"local-dir:{folder}")
    ids = tokenizer(["a red house", canonical(pairs.edits[0].source)])
    assert ids.shape == (2, CLIP.context)
    stored = load_file(folder / "open_clip_model.safetensors")
    assert model.token_embedding.weight.dtype == torch.float32
    assert torch.equal(model.token_embedding.weight.half(), stored["token_embedding.weight"])
    image = preprocess(Image.fromarray(pairs.pixels[0, 0]))[None]
    ours = normalise(to_tensor(pairs.pixels[:1, 0]))
    assert torch.allclose(image, ours, atol=2e-2)
    with torch.no_grad():
        assert model.encode_image(image).shape == model.encode_text(ids)[:1].shape


@pytest.mark.usefixtures("no_network")
def test_captioner_loads_as_blip(recipes: dict[str, Recipe], tmp_path: Path, pairs: Any) -> None:
    from transformers import AutoProcessor, BlipForConditionalGeneration

    folder = exported(recipes["captioner"], tmp_path / "captioner")
    model = BlipForConditionalGeneration.from_pretrained(folder)
    processor = AutoProcessor.from_pretrained(folder)
    inputs = processor(images=Image.fromarray(pairs.pixels[0, 0]), return_tensors="pt")
    ids = model.generate(**inputs, max_new_tokens=6, do_sample=False)
    assert ids[0, 0] == processor.tokenizer.bos_token_id
    assert isinstance(processor.decode(ids[0], skip_special_tokens=True), str)


@pytest.mark.usefixtures("no_network")
def test_language_loads_as_a_causal_model(recipes: dict[str, Recipe], tmp_path: Path) -> None:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = exported(recipes["language"], tmp_path / "language")
    model = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    asked = tokenizer("caption: a red house\nask: make it night\nedit:", return_tensors="pt")
    out = model.generate(**asked, max_new_tokens=4, do_sample=False)
    assert out.shape[1] > asked.input_ids.shape[1]


@pytest.mark.usefixtures("no_network")
def test_judge_comes_back_as_it_was(recipes: dict[str, Recipe], tmp_path: Path, pairs: Any) -> None:
    torch.manual_seed(3)
    network = recipes["judge"].network()
    install(lambda draft: recipes["judge"].export(network, draft), tmp_path / "judge")
    pixels = np.kron(pairs.pixels[:4, 0], np.ones((1, 4, 4, 1), np.uint8))
    own: Any = network.judge
    back, own = load_judge(tmp_path / "judge"), own.float().eval()
    assert all((back.read(pixels)[k] == own.read(pixels)[k]).all() for k in own.classes)


def test_judge_goes_on_once_there_is_an_autoencoder(pairs: Any, vae: Any, tmp_path: Path) -> None:
    recipe = JudgeRecipe(pairs, batch_size=8, channels=(8, 8, 16, 16), plan=PLAN)
    assert train(recipe, tmp_path, steps=1).step == 1
    assert train(replace(recipe, vae=vae), tmp_path, steps=1).step == 2
    assert train(recipe, tmp_path, steps=1).step == 3


def test_sources_are_unscaled_modes_and_targets_scaled(
    pairs: Any, words: Any, vae: Any, latents: Latents, clip: Any
) -> None:
    recipe = InstructPix2PixRecipe(
        pairs,
        Latents(latents.modes, 3.0),
        vae,
        new_unet(UNET),
        text_encoder(clip, words),
        words,
        batch_size=64,
        identity=0.0,
        more={},
        turned=0.0,
        described=0.0,
    )
    rng = np.random.default_rng(5)
    batch = recipe.batch(0, rng)
    indices = np.random.default_rng(5).integers(len(pairs), size=64)
    with torch.no_grad():
        modes = [
            vae.encode(to_tensor(pairs.pixels[indices, side])).latent_dist.mode() for side in (0, 1)
        ]
    shown = batch["source"].flatten(1).any(1)
    assert 0 < (~shown).sum() < 20
    # Latents are encoded in bf16 where the processor has it: 8 bits.
    assert torch.allclose(batch["source"][shown], modes[0][shown], rtol=0.02, atol=0.02)
    assert torch.allclose(batch["latent"], 3.0 * modes[1], rtol=0.02, atol=0.06)
    empty = token_ids(words, [""], 40)
    silent = (batch["ids"] == empty).all(1)
    assert (silent & ~shown).any() or silent.any()


def test_identity_examples_show_the_target_itself(
    pairs: Any, words: Any, vae: Any, latents: Latents, clip: Any
) -> None:
    tower = text_encoder(clip, words)
    recipe = InstructPix2PixRecipe(
        pairs, latents, vae, new_unet(UNET), tower, words, batch_size=32, identity=1.0
    )
    batch = recipe.batch(0, np.random.default_rng(0))
    shown = batch["source"].flatten(1).any(1)
    wanted = batch["latent"] / latents.scaling_factor
    assert torch.allclose(batch["source"][shown], wanted[shown], atol=1e-5)


def test_turned_examples_take_an_edit_back(
    pairs: Any, words: Any, vae: Any, latents: Latents, clip: Any
) -> None:
    tower = text_encoder(clip, words)
    made = [
        InstructPix2PixRecipe(
            pairs, latents, vae, new_unet(UNET), tower, words, 32, identity=0.0, turned=turned
        ).batch(0, np.random.default_rng(0))
        for turned in (0.0, 1.0)
    ]
    shown = [batch["source"].flatten(1).any(1) for batch in made]
    factor = latents.scaling_factor
    assert torch.equal(shown[0], shown[1])
    assert torch.allclose(made[0]["source"][shown[0]], made[1]["latent"][shown[0]] / factor)
    assert torch.allclose(made[1]["source"][shown[0]], made[0]["latent"][shown[0]] / factor)
    for edit in pairs.edits:
        assert edit.reversed.reversed == edit
        assert (edit.kind == "add") is (edit.reversed.kind == "remove")


def test_described_examples_show_no_source_and_caption_the_target(
    pairs: Any, words: Any, vae: Any, latents: Latents, clip: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(
        instruct_pix2pix, "token_ids", lambda _, texts, __: list(map(asked.append, texts))
    )
    tower = text_encoder(clip, words)
    recipe = InstructPix2PixRecipe(
        pairs, latents, vae, new_unet(UNET), tower, words, 64, described=1.0
    )
    batch = recipe.batch(0, np.random.default_rng(0))
    assert not batch["source"].any()
    captions = [text for text in asked if text]
    assert 50 < len(captions) < 64  # a tenth has no text
    assert all("," in text for text in captions)  # instructions have none
    some = replace(recipe, described=0.3).batch(0, np.random.default_rng(0))
    assert 8 < int((~some["source"].flatten(1).any(1)).sum()) < 40


def test_kinds_that_are_harder_come_more_often(
    pairs: Any, words: Any, vae: Any, latents: Latents, clip: Any
) -> None:
    recipe = InstructPix2PixRecipe(
        pairs, latents, vae, new_unet(UNET), text_encoder(clip, words), words, more={"replace": 5.0}
    )
    drawn = recipe._drawn(np.random.default_rng(0), 1200)
    kinds = [pairs.edits[i].kind for i in drawn]
    assert len(kinds) == 1200
    assert 4 < kinds.count("replace") / kinds.count("light") < 6.3


def test_an_earlier_unet_is_gone_on_with(
    latents: Latents, vae: Any, pairs: Any, clip: Any, words: Any
) -> None:
    tower, start = text_encoder(clip, words), new_unet(UNET)
    recipe = TextToImageRecipe(pairs, latents, vae, tower, words, UNET, 4, start=start)
    network: Any = recipe.network()
    assert network.unet is not start
    assert torch.equal(network.unet.conv_in.weight, start.conv_in.weight)


def test_latents_resume_and_know_their_autoencoder(vae: Any, pairs: Any, tmp_path: Path) -> None:
    whole = encode_pairs(vae, pairs, tmp_path / "a", chunk=7)
    (tmp_path / "a" / "done.json").write_text("14")
    np.load(tmp_path / "a" / "modes.npy", mmap_mode="r+")[14:] = 0
    again = encode_pairs(vae, pairs, tmp_path / "a", chunk=7)
    assert np.array_equal(np.asarray(whole.modes), np.asarray(again.modes))
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(3 if threads == 1 else 1)  # several cores, or the other way round
        shared = encode_pairs(vae, pairs, tmp_path / "b", chunk=3)
    finally:
        torch.set_num_threads(threads)
    # bf16 rounds differently where a batch is cut elsewhere.
    assert np.allclose(np.asarray(whole.modes), np.asarray(shared.modes), atol=0.05)
    assert np.abs(np.asarray(again.modes[14:])).min(axis=(1, 2, 3, 4)).max() < 10
    import copy

    other = copy.deepcopy(vae)
    with torch.no_grad():
        other.quant_conv.bias += 1
    moved = encode_pairs(other, pairs, tmp_path / "a")
    assert not np.array_equal(np.asarray(moved.modes), np.asarray(again.modes))


def test_edges_count_and_flat_errors_do_not() -> None:
    a = torch.zeros(1, 1, 4, 4)
    step = a.clone()
    step[..., 2:] = 1
    assert edge_loss(a + 0.5, a) == 0
    # One column in three across differs by one; nothing differs down.
    assert edge_loss(step, a) == pytest.approx(1 / 3)


def test_pixels_survive_the_tensor_form(pairs: Any) -> None:
    assert np.array_equal(to_pixels(to_tensor(pairs.pixels[:2, 0])), pairs.pixels[:2, 0])


def test_instructions_are_cut_by_no_context(pairs: Any, words: Any) -> None:
    rng = np.random.default_rng(0)
    lengths = [len(words(instruct(e, rng).text).input_ids) for e in pairs.edits]
    assert max(lengths) < 40


@pytest.mark.parametrize("role", ["aesthetic", "preference"])
def test_heads_load_as_models_of_taste(
    role: str, recipes: dict[str, Recipe], tmp_path: Path
) -> None:
    from inference.models.loaded import LoadedHead
    from inference.models.store import ModelStore

    exported(recipes[role], tmp_path / role)
    store = ModelStore([tmp_path], device="cpu")
    assert [(one.role, one.family) for one in store.found] == [(role, "aesthetic-head")]
    assert store.load(role, LoadedHead).model.inputs == CLIP.embed * (
        3 if role == "preference" else 1
    )
