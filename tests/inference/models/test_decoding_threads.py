from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import torch

from inference.models.decoding_threads import FIRST, TRIAL, DecodingThreads, decoding_threads


class Machine:
    """A clock on which a token takes what `cost` says of the threads in use."""

    def __init__(self, cost: Callable[[int], float]) -> None:
        self.cost, self.now, self.threads = cost, 0.0, 0
        self.used: list[int] = []

    def decode(self, chooser: DecodingThreads, tokens: int) -> None:
        for _ in range(tokens):
            chooser.token()
            self.used.append(self.threads)
            self.now += self.cost(self.threads)

    def chooser(self, *choices: int) -> DecodingThreads:
        return DecodingThreads(choices, self._use, lambda: self.now)

    def _use(self, threads: int) -> None:
        self.threads = threads


def test_on_idle_cores_all_threads_are_used() -> None:
    machine = Machine(lambda threads: 1.0 / threads)
    chooser = machine.chooser(1, 2, 4)
    for _ in range(4):
        chooser.begin()
        machine.decode(chooser, 100)
    assert machine.used[: 3 * TRIAL] == [1] * TRIAL + [2] * TRIAL + [4] * TRIAL
    assert machine.used.count(4) == 4 * (100 - 2 * TRIAL), "compared once in each text"


def test_on_shared_cores_more_threads_are_tried_for_a_token_and_ever_less_often() -> None:
    machine = Machine(lambda threads: 1.0 if threads == 1 else 80.0)
    chooser = machine.chooser(1, 2)
    for _ in range(25):
        chooser.begin()
        machine.decode(chooser, 24)
    assert 5 <= machine.used.count(2) <= 10, "after 16, 32, 64, 128, 256; more where texts ended"
    assert machine.used[:300].count(2) > machine.used[300:].count(2)
    assert machine.now < 0.05 * 600 * 80.0


def test_cores_that_are_suddenly_shared_are_noticed_within_a_text() -> None:
    busy = False
    machine = Machine(lambda threads: threads * 30.0 if busy and threads > 1 else 1.0 / threads)
    chooser = machine.chooser(1, 2)
    chooser.begin()
    machine.decode(chooser, 20)
    assert machine.threads == 2
    busy = True
    machine.decode(chooser, 100)
    assert machine.threads == 1
    assert machine.used[20:].count(2) <= 6


def test_cores_that_become_idle_are_noticed_later() -> None:
    busy = True
    machine = Machine(lambda threads: threads * 30.0 if busy and threads > 1 else 1.0 / threads)
    chooser = machine.chooser(1, 2)
    chooser.begin()
    machine.decode(chooser, 10)
    assert machine.threads == 1
    busy = False
    chooser.begin()
    machine.decode(chooser, FIRST + 2 * TRIAL)
    assert machine.threads == 2
    chooser.begin()
    assert machine.threads == 2, "the next question is read with them"


def test_one_slow_token_changes_nothing() -> None:
    costs = iter([1.0] * TRIAL + [0.5] * TRIAL + [0.5] * 10 + [50.0] + [0.5] * 20)
    machine = Machine(lambda threads: next(costs))
    chooser = machine.chooser(1, 2)
    chooser.begin()
    machine.decode(chooser, 2 * TRIAL + 30)
    assert set(machine.used[TRIAL:]) == {2}


def test_of_equals_the_fewest() -> None:
    machine = Machine(lambda threads: 1.0)
    chooser = machine.chooser(1, 2)
    chooser.begin()
    machine.decode(chooser, 2 * TRIAL + 2)
    assert (machine.threads, chooser.best) == (1, 1)


class Model:
    """Something that what was found is kept for."""


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("two_threads")
def test_the_number_of_threads_is_restored_after_an_error() -> None:
    def decode() -> None:
        with decoding_threads(Model(), torch.device("cpu")) as after_token:
            for _ in range(2 * TRIAL + 1):
                after_token()
                assert torch.get_num_threads() in (1, 2)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        decode()
    assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("two_threads")
def test_nothing_is_changed_for_other_devices() -> None:
    with decoding_threads(Model(), torch.device("meta")) as after_token:
        for _ in range(2 * TRIAL + 1):
            after_token()
            assert torch.get_num_threads() == 2


@pytest.mark.usefixtures("two_threads")
def test_answers_are_decoded_with_the_chooser(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Language model and captioner call it at every token."""
    from inference.language.generate import TextSampling, best_answers, sample_answers
    from inference.models.serving import fits_unknown
    from inference.models.store import ModelStore
    from inference.vision.captioner import captions
    from tests.inference import tiny_models
    from tests.inference.engine_cases import picture

    root = tmp_path_factory.mktemp("models")
    tiny_models.gpt2(root / "gpt2")
    tiny_models.blip(root / "blip")
    store = ModelStore([root])
    calls: list[int] = []
    own = DecodingThreads.token

    def token(self: DecodingThreads) -> None:
        calls.append(torch.get_num_threads())
        own(self)

    monkeypatch.setattr(DecodingThreads, "token", token)
    with store.job((), fits_unknown):
        language, captioner = store.language(), store.captioner()
        for decode in (
            lambda: sample_answers(language, "a", 2, 12, TextSampling(), lambda: None),
            lambda: best_answers(language, ["a", "a b"], 12, lambda: None),
            lambda: captions(captioner, [picture(64, 64)], 2, lambda: None),
        ):
            calls.clear()
            decode()
            assert calls
            assert torch.get_num_threads() == 2
