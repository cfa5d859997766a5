"""Every layout in which people have models on disk, and the answer of a search.

``python -m tests.docs.model_layouts`` writes the table of docs/models.md again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from inference.models.discovery import search
from inference.models.found_model import FoundAdapter, FoundModel, RefusedModel
from tests.inference.models.small_files import safetensors

DOCS: Final = Path(__file__).resolve().parents[2] / "docs" / "models.md"
BEGIN: Final = "<!-- layouts: written by tests/docs/model_layouts.py -->"
END: Final = "<!-- end of layouts -->"

Shapes = Mapping[str, tuple[int, ...]]
Make = Callable[[Path], object]

_UNET: Final = "model.diffusion_model."
_VAE: Final = "first_stage_model."
_CLIP: Final = "cond_stage_model.transformer.text_model."
_OPEN_CLIP: Final = "cond_stage_model.model."


def unet(channels: int = 4) -> Shapes:
    """Some tensors of a UNet as its authors name them: those that say its sizes."""
    widths = (320, 640, 1280, 1280)
    shapes = {
        f"{_UNET}input_blocks.0.0.weight": (320, channels, 3, 3),
        f"{_UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (320, 768),
        f"{_UNET}out.2.weight": (4, 320, 3, 3),
    }
    for level, width in enumerate(widths):
        shapes[f"{_UNET}input_blocks.{3 * level + 1}.0.out_layers.3.weight"] = (width, width, 3, 3)
        if level:
            shapes[f"{_UNET}input_blocks.{3 * level}.0.op.weight"] = (width, width, 3, 3)
    return shapes


def autoencoder() -> Shapes:
    """The same of an autoencoder."""
    shapes = {f"{_VAE}decoder.conv_in.weight": (512, 4, 3, 3)}
    for level, width in enumerate((128, 256, 512, 512)):
        for block in (0, 1):
            name = f"{_VAE}encoder.down.{level}.block.{block}.conv1.weight"
            shapes[name] = (width, width, 3, 3)
    return shapes


def clip() -> Shapes:
    """The same of CLIP's text encoder."""
    return {
        f"{_CLIP}embeddings.token_embedding.weight": (49408, 768),
        f"{_CLIP}embeddings.position_embedding.weight": (77, 768),
        f"{_CLIP}encoder.layers.0.mlp.fc1.weight": (3072, 768),
    }


def open_clip(beginning: str = _OPEN_CLIP) -> Shapes:
    """The same of OpenCLIP's."""
    return {
        f"{beginning}token_embedding.weight": (49408, 1024),
        f"{beginning}positional_embedding": (77, 1024),
        f"{beginning}text_projection": (1024, 1024),
        f"{beginning}transformer.resblocks.0.mlp.c_fc.weight": (4096, 1024),
        f"{beginning}transformer.resblocks.1.mlp.c_fc.weight": (4096, 1024),
    }


def xl() -> Shapes:
    """The same of Stable Diffusion XL."""
    first = {
        name.replace("cond_stage_model.", "conditioner.embedders.0."): shape
        for name, shape in clip().items()
    }
    second = open_clip("conditioner.embedders.1.model.")
    label = {
        f"{_UNET}label_emb.0.0.weight": (1280, 2816),
        f"{_UNET}input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight": (320, 1792),
    }
    return {**unet(), **label, **autoencoder(), **first, **second}


def file(name: str, shapes: Shapes, kind: str = "F16") -> Make:
    """One safetensors file."""

    def make(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        safetensors(root / name, shapes, kind)

    return make


def content(name: str, written: bytes) -> Make:
    """One file with given bytes."""

    def make(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(written)

    return make


def several(*makes: Make) -> Make:
    """All of them."""

    def make(root: Path) -> None:
        for one in makes:
            one(root)

    return make


def config(name: str, values: object) -> Make:
    """One JSON file."""
    return content(name, json.dumps(values).encode())


def pipeline(weights: str = "{}.safetensors", kind: str = "StableDiffusionPipeline") -> Make:
    """A folder of diffusers; `weights` is how its files are called."""
    parts = {
        "unet": "UNet2DConditionModel",
        "vae": "AutoencoderKL",
        "text_encoder": "CLIPTextModel",
    }
    tokenizers = {"tokenizer": "CLIPTokenizer"}
    if kind.startswith("StableDiffusionXL"):
        parts["text_encoder_2"] = "CLIPTextModelWithProjection"
        tokenizers["tokenizer_2"] = "CLIPTokenizer"
    index = {name: ["library", of] for name, of in {**parts, **tokenizers}.items()}
    makes = [
        config("sd/model_index.json", {"_class_name": kind, **index}),
        config("sd/scheduler/scheduler_config.json", {}),
        *(config(f"sd/{name}/tokenizer_config.json", {}) for name in tokenizers),
    ]
    for part in parts:
        stem = "model" if part.startswith("text_encoder") else "diffusion_pytorch_model"
        makes.append(config(f"sd/{part}/config.json", {}))
        name = f"sd/{part}/{weights.format(stem)}"
        pickled = not name.endswith(".safetensors")
        makes.append(content(name, b"pickle") if pickled else file(name, {"w": (1,)}))
    return several(*makes)


def transformers(kind: str, *names: str, **more: object) -> Make:
    """A folder of transformers with weights files of one number each."""
    values = {"architectures": [kind], **more}
    return several(config("m/config.json", values), *(file(f"m/{n}", {"w": (1,)}) for n in names))


def hub_cache(root: Path) -> None:
    """A model as huggingface_hub keeps it: links to blobs."""
    snapshot = root / "huggingface" / "hub" / "models--own--gpt" / "snapshots" / "0123abcd"
    blobs = snapshot.parents[1] / "blobs"
    blobs.mkdir(parents=True)
    snapshot.mkdir(parents=True)
    (blobs / "a").write_text(json.dumps({"architectures": ["GPT2LMHeadModel"]}))
    safetensors(blobs / "b", {"w": (1,)})
    for name, blob in (("config.json", "a"), ("model.safetensors", "b")):
        (snapshot / name).symlink_to(os.path.relpath(blobs / blob, snapshot))


def comfyui(root: Path) -> None:
    """ComfyUI's tree with a file that names the folders of another program on another drive."""
    tree = root / "ComfyUI"
    file("models/checkpoints/anime.safetensors", {**unet(), **autoencoder(), **clip()})(tree)
    file("models/loras/ink.safetensors", KOHYA)(tree)
    file("models/upscale_models/4x.safetensors", ESRGAN)(tree)
    webui = Path(tempfile.mkdtemp(dir=root.parent))
    file("models/Stable-diffusion/photo.safetensors", {**unet(9), **autoencoder(), **clip()})(webui)
    file("embeddings/cat.safetensors", {"emb_params": (8, 768)})(webui)
    text = f"a111:\n  base_path: {webui}\n  checkpoints: models/Stable-diffusion\n"
    text += "  loras: |\n    models/Lora\n    models/LyCORIS\n  embeddings: embeddings\n"
    (tree / "extra_model_paths.yaml").write_text(text)


def bare(shapes: Shapes, beginning: str) -> Shapes:
    """Tensors of a checkpoint as a file of their own has them."""
    start = len(beginning)
    return {name[start:]: one for name, one in shapes.items() if name.startswith(beginning)}


def in_parts(*left_out: str) -> Make:
    """ComfyUI's tree with a file for each part of Stable Diffusion XL."""
    parts = {
        "diffusion_models/drawn": bare(xl(), _UNET),
        "vae/sdxl_vae": bare(xl(), _VAE),
        "clip/clip_l": bare(xl(), "conditioner.embedders.0.transformer."),
        "clip/clip_g": bare(xl(), "conditioner.embedders.1.model."),
    }
    kept = {name: shapes for name, shapes in parts.items() if name not in left_out}
    return several(*(file(f"models/{n}.safetensors", shapes) for n, shapes in kept.items()))


def circle(root: Path) -> None:
    """Links that lead back to where they lie."""
    (root / "a").mkdir()
    (root / "a" / "b").symlink_to(root / "a", target_is_directory=True)
    (root / "a" / "c").symlink_to("c")


KOHYA: Final = {
    "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight": (
        4,
        768,
    )
}
ESRGAN: Final = dict.fromkeys(
    ("conv_first.weight", "body.0.rdb1.conv1.weight", "conv_last.weight"), (8, 3, 3, 3)
)
DAT: Final = dict.fromkeys(
    ("conv_first.weight", "before_RG.1.weight", "layers.0.blocks.0.attn.qkv.weight"), (8, 3)
)
GPT: Final = "GPT2LMHeadModel"

LAYOUTS: Final[dict[str, Make]] = {
    "diffusers folder": pipeline(),
    "diffusers folder, only float16 (`.fp16.`)": pipeline("{}.fp16.safetensors"),
    "diffusers folder, only bfloat16 (`.bf16.`)": pipeline("{}.bf16.safetensors"),
    "diffusers folder, InstructPix2Pix": pipeline(
        kind="StableDiffusionInstructPix2PixPipeline"
    ),
    "diffusers folder, SDXL": pipeline(kind="StableDiffusionXLPipeline"),
    "diffusers folder, SDXL Refiner": pipeline(kind="StableDiffusionXLImg2ImgPipeline"),
    "diffusers folder with `.bin` weights": pipeline("{}.bin"),
    "transformers folder, language model": transformers(GPT, "model.safetensors"),
    "transformers folder, shards and their index": several(
        transformers(GPT, "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"),
        config("m/model.safetensors.index.json", {"weight_map": {
            "a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}),
    ),
    "transformers folder, shards without an index": transformers(
        GPT, "part-00001-of-00002.safetensors", "part-00002-of-00002.safetensors"
    ),
    "transformers folder, weights and index of other names": several(
        transformers(GPT, "weights1.safetensors", "weights2.safetensors"),
        config("m/consolidated.index.json", {"weight_map": {
            "a": "weights1.safetensors", "b": "weights2.safetensors"}}),
    ),
    "transformers folder, one of two shards": transformers(
        GPT, "model-00001-of-00002.safetensors"
    ),
    "transformers folder, chat model": several(
        transformers("LlamaForCausalLM", "model.safetensors"),
        content("m/chat_template.jinja", b"{{ messages }}"),
    ),
    "transformers folder, BLIP": transformers("BlipForConditionalGeneration", "model.safetensors"),
    "transformers folder, CLIP": transformers("CLIPModel", "model.safetensors"),
    "transformers folder, another network": transformers("BertModel", "model.safetensors"),
    "transformers folder, quantised (AWQ)": transformers(
        GPT, "model.safetensors", quantization_config={"quant_method": "awq"}
    ),
    "open_clip folder": several(
        config("m/open_clip_config.json", {"model_cfg": {}}),
        file("m/open_clip_model.safetensors", {"w": (1,)}),
    ),
    "hub cache": hub_cache,
    "Stable Diffusion 1 in one file": file("v1.safetensors", {**unet(), **autoencoder(), **clip()}),
    "Stable Diffusion 2 in one file": file(
        "v2.safetensors", {**unet(), **autoencoder(), **open_clip()}
    ),
    "Stable Diffusion Inpainting in one file": file(
        "inpaint.safetensors", {**unet(9), **autoencoder(), **clip()}
    ),
    "InstructPix2Pix in one file": file("ip2p.safetensors", {**unet(8), **autoencoder(), **clip()}),
    "Stable Diffusion 1 in one file, without its autoencoder": file(
        "pruned.safetensors", {**unet(), **clip()}
    ),
    "SDXL in one file": file("xl.safetensors", xl()),
    "SDXL in one file, without its text encoders": file(
        "xl.safetensors",
        {name: shape for name, shape in xl().items() if not name.startswith("conditioner.")},
    ),
    "SDXL Refiner in one file": file(
        "refiner.safetensors", {**unet(), "conditioner.embedders.0.model.a": (1,)}
    ),
    "Stable Diffusion 3 in one file": file("sd3.safetensors", {f"{_UNET}joint_blocks.0.a": (1,)}),
    "FLUX in one file": file("flux.safetensors", {"double_blocks.0.img_attn.qkv.bias": (1,)}),
    "checkpoint in 8-bit floats": file(
        "fp8.safetensors", {**unet(), **autoencoder(), **clip()}, "F8_E4M3"
    ),
    "a UNet alone, authors' names": file("unet.safetensors", unet()),
    "a UNet alone, diffusers' names": file(
        "unet.safetensors", {"down_blocks.0.resnets.0.norm1.bias": (1,), "time_embedding.a": (1,)}
    ),
    "an autoencoder alone": file("vae.safetensors", {"decoder.conv_in.weight": (512, 4, 3, 3)}),
    "a ControlNet": file("canny.safetensors", {"control_model.input_hint_block.0.weight": (1,)}),
    "ComfyUI's tree with `extra_model_paths.yaml` naming A1111's": comfyui,
    "ComfyUI's tree, UNet, VAE and text encoders of SDXL as files": in_parts(),
    "the same without the autoencoder": in_parts("vae/sdxl_vae"),
    "the same without CLIP-G": in_parts("clip/clip_g"),
    "`extra_model_paths.yaml` that is damaged": content("extra_model_paths.yaml", b"a: [b"),
    "LoRA, kohya's keys": file("ink.safetensors", KOHYA),
    "LoRA, diffusers' keys": file(
        "ink/pytorch_lora_weights.safetensors",
        {"unet.down_blocks.0.attn2.to_k.lora.down.weight": (4, 768)},
    ),
    "LoRA, PEFT's folder": several(
        config("ink/adapter_config.json", {"lora_alpha": 4}),
        file("ink/adapter_model.safetensors",
             {"base_model.model.down_blocks.0.attn2.to_k.lora_A.weight": (4, 768)}),
    ),
    "DoRA": file("ink.safetensors", {"unet.mid_block.attn.to_q.dora_scale": (1,)}),
    "textual inversion, A1111's keys": file("cat.safetensors", {"emb_params": (8, 768)}),
    "textual inversion, diffusers' key": file("cat.safetensors", {"<cat>": (1, 768)}),
    "Real-ESRGAN": file("x4.safetensors", ESRGAN),
    "DAT": file("dat.safetensors", DAT),
    "an upscaler that is not known": file("x4.safetensors", {"conv_first.weight": (64, 3, 3, 3)}),
    "`.ckpt`": content("v1-5.ckpt", b"pickle"),
    "`.pth`": content("RealESRGAN_x4plus.pth", b"pickle"),
    "`.pt`": content("cat.pt", b"pickle"),
    "`.gguf`": content("smol.Q4_K_M.gguf", b"GGUF"),
    "`.onnx`": content("model.onnx", b"onnx"),
    "weights without a config": file("weights.safetensors", {"layers.0.mlp.weight": (8, 8)}),
    "a file that was cut short": content("a.safetensors", b"\x00\x01"),
    "a header of 4 GB": content("a.safetensors", (1 << 32).to_bytes(8, "little") + b"{}"),
    "a header of nonsense": content("a.safetensors", (8).to_bytes(8, "little") + b"{{{{{{{{"),
    "a pointer of git-lfs": content("a.safetensors", b"version https://git-lfs.github.com/spec/v1"),
    "a config nested without end": several(
        content("m/config.json", b"[" * 100_000), file("m/model.safetensors", {"w": (1,)})
    ),
    "a config that asks for code": transformers(GPT, "model.safetensors", trust_remote_code=True),
    "an index that names files elsewhere": several(
        transformers(GPT, "model.safetensors"),
        config("m/model.safetensors.index.json", {"weight_map": {"a": "../../a.safetensors"}}),
    ),
    "links in a circle": circle,
}  # fmt: skip


def answer(make: Make, root: Path) -> str:
    """What a search says of a layout that is made in an empty folder, for people."""
    make(root)
    before = sorted(root.rglob("*"))
    lines = []
    for item in search(root):
        match item:
            case FoundModel():
                lines.append(f"**{item.role}** `{item.id}` ({item.family})")
            case FoundAdapter():
                of = f", {item.made_for}" if item.made_for else ""
                lines.append(f"**{item.kind}** `{item.id}`{of}")
            case RefusedModel():
                text = f"{item.reason} {item.fix or ''}".strip()
                lines.append(text.replace(str(root), "…"))
    assert sorted(root.rglob("*")) == before
    return "; ".join(lines) or "nothing"


def table() -> str:
    """The table of all layouts, as Markdown."""
    rows = ["| on disk | answer |", "|---|---|"]
    for name, make in LAYOUTS.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve() / "models"
            root.mkdir()
            rows.append(f"| {name} | {answer(make, root)} |")
    return "\n".join(rows)


def with_table(text: str) -> str:
    """The page with the table of now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    DOCS.write_text(with_table(DOCS.read_text("utf-8")), encoding="utf-8")
