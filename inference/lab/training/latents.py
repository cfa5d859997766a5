"""All pictures of the cache as latents, made once by a trained autoencoder and kept on disk.

What is kept is the *unscaled* mode of the posterior. InstructPix2Pix is shown the source in just
this form (Brooks et al. 2023); the diffusion itself works on the mode times ``scaling_factor``.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from inference.lab.training.autoencoder import to_tensor
from inference.lab.training.pairs import PairPictures
from inference.lab.training.trainer import multiplies_bf16


@dataclass(frozen=True)
class Latents:
    """Unscaled latents of pairs.

    Attributes:
        modes: (N, 2, c, h, w) float16 memory map, before and after.
        scaling_factor: makes their deviation about one.
    """

    modes: NDArray[np.float16]
    scaling_factor: float

    def take(self, indices: NDArray[np.int64]) -> Tensor:
        """(n, 2, c, h, w) float32, unscaled."""
        return torch.from_numpy(np.stack([self.modes[i] for i in indices])).float()


def weights_digest(network: Any) -> str:
    """A digest of all weights: latents of another autoencoder are worthless."""
    digest = blake2b(digest_size=16)
    for name, value in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()


def encode_pairs(vae: Any, pairs: PairPictures, folder: Path, *, chunk: int = 64) -> Latents:
    """Encode every pair, or go on where an earlier call stopped.

    Args:
        vae: a trained `AutoencoderKL` in evaluation mode.
        pairs: what to encode.
        folder: ``modes.npy``, ``meta.json`` and the count of finished pairs lie in it; a folder of
            another autoencoder or another number of pairs is made again.
        chunk: pairs at a time.
    """
    meta = {"weights": weights_digest(vae), "pairs": len(pairs)}
    path, done_path = folder / "modes.npy", folder / "done.json"
    meta_path = folder / "meta.json"
    device = next(vae.parameters()).device
    known = meta_path.is_file() and json.loads(meta_path.read_text("utf-8")) == meta
    if not known:
        folder.mkdir(parents=True, exist_ok=True)
        meta_path.unlink(missing_ok=True)
        path.unlink(missing_ok=True)  # a new file: others may still have the old one mapped
        with torch.no_grad():
            first = to_tensor(pairs.pictures(np.zeros(1, np.int64))[0]).to(device)
            shape = vae.encode(first).latent_dist.mode().shape
        fresh = np.lib.format.open_memmap(
            path, mode="w+", dtype=np.float16, shape=(len(pairs), *shape)
        )
        fresh.flush()
        done_path.write_text("0", encoding="utf-8")
        meta_path.write_text(json.dumps(meta), encoding="utf-8")
    done = int(done_path.read_text("utf-8"))
    if done < len(pairs):
        modes = np.load(path, mmap_mode="r+")
        parts = [
            np.arange(start, min(start + chunk, len(pairs)))
            for start in range(done, len(pairs), chunk)
        ]
        for indices, mode in zip(parts, _encoded(vae, pairs, parts, device), strict=True):
            modes[indices] = mode.half().cpu().numpy().reshape(len(indices), *modes.shape[1:])
            modes.flush()
            done_path.write_text(str(int(indices[-1]) + 1), encoding="utf-8")
    return Latents(np.load(path, mmap_mode="r"), float(vae.config.scaling_factor))


def _encoded(
    vae: Any, pairs: PairPictures, parts: list[NDArray[np.int64]], device: torch.device
) -> Iterator[Tensor]:
    """The modes of each part in turn; on a CPU every core encodes one of its own."""

    def encode(indices: NDArray[np.int64]) -> Tensor:
        pixels = pairs.pictures(indices)
        with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            image = to_tensor(pixels.reshape(-1, *pixels.shape[2:])).to(device)
            mode: Tensor = vae.encode(image).latent_dist.mode()
        return mode

    bf16 = multiplies_bf16()
    workers = torch.get_num_threads() if device.type == "cpu" else 1
    if workers == 1:
        yield from map(encode, parts)
        return
    with ThreadPoolExecutor(
        workers, "pentimento-latents", initializer=torch.set_num_threads, initargs=(1,)
    ) as pool:
        running = deque[Future[Tensor]]()
        for indices in parts:  # a few ahead: what is encoded waits in memory
            running.append(pool.submit(encode, indices))
            if len(running) > 2 * workers:
                yield running.popleft().result()
        while running:
            yield running.popleft().result()
    torch.set_num_threads(workers)
