"""A tiny real training set: two dozen gold pairs at 32 px."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from inference.lab.storybook.cache import attribute_indices
from inference.lab.storybook.edits import EDIT_KINDS, Edit, gold, sample_edit
from inference.lab.training.clip import new_clip
from inference.lab.training.environment import prepare_libraries, quiet
from tests.inference.lab.training.sizes import CLIP, SIDE


class TinyPairs:
    """Gold pairs in memory."""

    def __init__(self, count: int = 24, side: int = SIDE) -> None:
        rng = np.random.default_rng(7)
        self.edits = [sample_edit(rng, EDIT_KINDS[i % len(EDIT_KINDS)]) for i in range(count)]
        made = [gold(e, side) for e in self.edits]
        self.pixels = np.stack([np.stack([g.source, g.target]) for g in made])
        self.labels = np.array(
            [[attribute_indices(e.source), attribute_indices(e.target)] for e in self.edits],
            np.int8,
        )

    def __len__(self) -> int:
        return len(self.edits)

    def pictures(self, indices: NDArray[np.int64]) -> NDArray[np.uint8]:
        return self.pixels[indices]

    def attributes(self, indices: NDArray[np.int64]) -> NDArray[np.int8]:
        return self.labels[indices]

    def edit(self, index: int) -> Edit:
        return self.edits[index]


@pytest.fixture(scope="session")
def pairs() -> TinyPairs:
    return TinyPairs()


@pytest.fixture(scope="session")
def words() -> Any:
    """The shipped picture tokenizer, on a smaller corpus."""
    from inference.lab.training.tokenizers import corpus, picture_tokenizer

    prepare_libraries()
    quiet()
    return picture_tokenizer(corpus(edits=300), context=40)


@pytest.fixture(scope="session")
def language_words() -> Any:
    from inference.lab.training.tokenizers import corpus, language_tokenizer

    prepare_libraries()
    return language_tokenizer(corpus(edits=300))


@pytest.fixture(scope="session")
def vae() -> Any:
    """Random, with the shape of the shipped one: f = 8."""
    from inference.lab.training.autoencoder import new_autoencoder

    prepare_libraries()
    torch.manual_seed(0)
    return new_autoencoder((8, 8, 8, 16), SIDE).eval().requires_grad_(False)


@pytest.fixture(scope="session")
def clip(words: Any) -> Any:
    torch.manual_seed(1)
    return new_clip(CLIP).eval()


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, address: Any) -> None:
        raise AssertionError(f"a connection to {address!r} was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Networks this small lose time to threads that wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
