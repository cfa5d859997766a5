"""Pictures and captions of a five-coloured world, and a CLIP of kilobytes that knows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import Patch, Placement
from editor.model.rect import Rect
from inference.models.libraries import prepare_libraries

prepare_libraries()

COLOURS = {
    "red": (210, 40, 40),
    "green": (40, 180, 60),
    "blue": (40, 60, 210),
    "white": (240, 240, 235),
    "black": (15, 15, 20),
}


def caption(name: str) -> str:
    return f"a {name} picture"


def pixels(name: str, side: int, rng: np.random.Generator | None = None) -> NDArray[np.uint8]:
    rng = rng or np.random.default_rng(1)
    noise = rng.normal(0, 12, (side, side, 3))
    return (np.clip(np.array(COLOURS[name]) + noise, 0, 255)).astype(np.uint8)


def image(name: str, side: int = 64) -> Image:
    return Image.from_array(pixels(name, side))


def painted(source: Image, colour: str, before: str = "", after: str = "", seed: int = 0,
            strength: float = 1.0) -> Candidate:  # fmt: skip
    """What a sampling method leaves: pixels at work size, with captions in the request."""
    mixed = strength * pixels(colour, source.width) + (1 - strength) * source.array()[:, :, :3]
    patch = Patch((), mixed.astype(np.uint8), Placement(Rect(0, 0, source.width, source.height)))
    words = Instruction(f"make it {colour}", before, after)
    request = EditRequest(source.pixel_digest, None, words, "instruct_pix2pix", 1, seed=seed)
    return Candidate(request, patch)


def adjusted(source: Image, before: str = "", after: str = "", **settings: Any) -> Candidate:
    """What `adjust` leaves: parameters."""
    from editor.model.patch import settings_of

    words = Instruction("brighter", before, after)
    values = settings_of(settings)
    request = EditRequest(source.pixel_digest, None, words, "adjust", 1, values)
    return Candidate(request, Patch(values))


def learn(folder: Path) -> Path:
    """An open_clip folder of the hub's layout, over-fitted on `COLOURS` in seconds."""
    import open_clip
    import torch
    from open_clip.model import CLIP
    from safetensors.torch import save_file

    folder.mkdir(parents=True)
    torch.manual_seed(0)
    config: dict[str, Any] = {
        "embed_dim": 16,
        "vision_cfg": {
            "image_size": 32, "layers": 2, "width": 32, "patch_size": 16, "head_width": 16,
        },
        "text_cfg": {
            "context_length": 16, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1,
        },
    }  # fmt: skip
    values = {
        "model_cfg": config,
        # Not OpenAI's: what the config says must be what is used.
        "preprocess_cfg": {"mean": [0.5, 0.4, 0.3], "std": [0.2, 0.3, 0.4]},
    }
    (folder / "open_clip_config.json").write_text(json.dumps(values))
    model = CLIP(config["embed_dim"], config["vision_cfg"], config["text_cfg"])
    tokenizer = open_clip.get_tokenizer(f"local-dir:{folder}")
    names = list(COLOURS)
    ids = tokenizer([caption(name) for name in names])
    mean, std = (
        torch.tensor(values["preprocess_cfg"][k]).view(1, 3, 1, 1) for k in ("mean", "std")
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    rng = np.random.default_rng(0)
    for _ in range(60):
        pictures = np.stack([pixels(name, 32, rng) for name in names])
        ready = (torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255 - mean) / std
        seen = torch.nn.functional.normalize(model.encode_image(ready), dim=-1)
        read = torch.nn.functional.normalize(model.encode_text(ids), dim=-1)
        logits = 10 * seen @ read.T
        wanted = torch.arange(len(names))
        loss = torch.nn.functional.cross_entropy(
            logits, wanted
        ) + torch.nn.functional.cross_entropy(logits.T, wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.5
    state = {k: v.detach().half().contiguous() for k, v in model.state_dict().items()}
    save_file(state, folder / "open_clip_model.safetensors")
    return folder
