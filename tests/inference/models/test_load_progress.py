from __future__ import annotations

from pathlib import Path

import pytest

from inference.models.found_model import FoundModel
from inference.models.load_progress import loading, part_begins


def model(folder: Path, **sizes: int) -> FoundModel:
    """A pipeline whose parts have weights files of these sizes in bytes."""
    weights = []
    for part, size in sizes.items():
        (folder / part).mkdir()
        file = folder / part / "model.safetensors"
        file.write_bytes(bytes(size))
        weights.append(file)
    return FoundModel("role", "id", folder, tuple(weights), sum(sizes.values()))


def test_the_share_is_that_of_the_weights_read_so_far(tmp_path: Path) -> None:
    shares: list[float] = []
    with loading(model(tmp_path, encoder=10, vae=30, unet=60), shares.append):
        for part in ("encoder", "vae", "unet"):
            part_begins(tmp_path / part)
        part_begins(tmp_path / "unet")  # again: its weights count once
    assert shares == pytest.approx([0.0, 0.1, 0.4, 1.0])
    part_begins(tmp_path / "vae")
    assert len(shares) == 4, "nobody listens any longer"


def test_what_listens_may_stop_the_loading(tmp_path: Path) -> None:
    def stop(share: float) -> None:
        raise InterruptedError

    found = model(tmp_path, unet=60)
    with pytest.raises(InterruptedError), loading(found, stop):
        part_begins(tmp_path / "unet")
    part_begins(tmp_path / "unet")
