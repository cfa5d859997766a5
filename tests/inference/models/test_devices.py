"""Which device is chosen at the start, with drivers that are given out as there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from inference.models import devices
from inference.models.devices import choose_device

CARD = SimpleNamespace(name="card", total_memory=8 << 30, major=8, minor=6)


def driven(monkeypatch: pytest.MonkeyPatch, **there: Any) -> None:
    """Let torch see these devices and no others."""
    monkeypatch.delenv("PENTIMENTO_DEVICE", raising=False)
    for kind in ("cuda", "xpu"):
        module = getattr(torch, kind)
        card = there.get(kind)
        monkeypatch.setattr(module, "is_available", lambda card=card: card is not None)
        monkeypatch.setattr(module, "get_device_properties", lambda number, card=card: card)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: "mps" in there)
    monkeypatch.setattr(torch.version, "hip", there.get("hip"))


def test_cuda_by_what_the_card_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    for capability, types in (
        ((6, 1), set()),
        ((7, 0), {"float16"}),
        ((8, 6), {"float16", "bfloat16"}),
    ):
        card = SimpleNamespace(**{**vars(CARD), "major": capability[0], "minor": capability[1]})
        driven(monkeypatch, cuda=card)
        device = choose_device()
        assert (device.kind, device.name, device.bytes) == ("cuda", "card", 8 << 30)
        assert device.short_types == types


def test_rocm_is_cuda_by_name_and_has_both_types(monkeypatch: pytest.MonkeyPatch) -> None:
    card = SimpleNamespace(name="Radeon", total_memory=16 << 30, major=1, minor=0)
    driven(monkeypatch, cuda=card, hip="6.2")
    device = choose_device()
    assert (device.kind, device.name) == ("cuda", "Radeon")
    assert device.short_types == {"float16", "bfloat16"}


def test_xpu_goes_before_mps_and_mps_before_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "system_bytes", lambda: 24 << 30)
    driven(monkeypatch, xpu=CARD, mps=True)
    assert (choose_device().kind, choose_device().bytes) == ("xpu", 8 << 30)
    driven(monkeypatch, mps=True)
    assert (choose_device().kind, choose_device().bytes) == ("mps", 16 << 30)
    assert choose_device().short_types == frozenset()
    driven(monkeypatch)
    assert (choose_device().kind, choose_device().bytes) == ("cpu", 24 << 30)


def test_what_is_wanted_is_taken_where_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    driven(monkeypatch, cuda=CARD)
    assert choose_device("cpu").kind == "cpu"
    assert choose_device("xpu").kind == "cpu", "not another card than was asked for"
    monkeypatch.setenv("PENTIMENTO_DEVICE", "cpu")
    assert choose_device().kind == "cpu"


def test_a_driver_that_fails_counts_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    driven(monkeypatch, cuda=CARD)

    def fails(number: int) -> Any:
        raise RuntimeError("The NVIDIA driver on your system is too old")

    monkeypatch.setattr(torch.cuda, "get_device_properties", fails)
    assert choose_device().kind == "cpu"
