"""Cancelling inside library code: between two weights, between two layers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from inference.request.cancel import CancelCheck

_CUT = 8_000_000_000
"""Multiplications of a convolution between two checks: a third of a second on two slow cores."""


class _Interrupted(BaseException):
    """Carries what a check raised through stock loaders, which take an `Exception` for damage."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


class _Listening(TorchFunctionMode):
    """Calls the check before every call of torch on this thread, until it raises.

    Unwinding then needs calls of torch itself, such as the end of `no_grad`.
    """

    def __init__(self, check: CancelCheck) -> None:
        super().__init__()
        self._check = check
        self._ended = False

    def __torch_function__(
        self,
        func: Any,
        types: Iterable[Any],
        args: Sequence[Any] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Run the function without this mode."""
        try:
            if not self._ended:
                self._check()
        except Exception as error:
            self._ended = True
            raise _Interrupted(error) from None
        return func(*args, **(kwargs or {}))


@contextmanager
def between_weights(check: CancelCheck) -> Iterator[None]:
    """Have `check` called at every weight that a stock loader makes, fills or moves.

    For loading only: it costs one more call per operation of torch on this thread. What `check`
    raises comes out unchanged, however the loader handles errors.
    """
    try:
        with _Listening(check):
            yield
    except _Interrupted as stop:
        raise stop.error from None


@contextmanager
def between_layers(networks: Iterable[Any], check: CancelCheck) -> Iterator[None]:
    """Have every layer of torch networks call `check` first, so that a cancel waits for one.

    A layer is a module with weights and no parts; a convolution that is much work for a CPU is
    cut into bands of rows, which changes its numbers by rounding at most. What `check` raises
    leaves the forward pass; hooks and bands are removed in any case.
    Works on any thread that runs the networks.
    """

    def before(*_: Any) -> None:
        check()

    layers = [layer for network in networks for layer in network.modules() if _is_layer(layer)]
    handles = [layer.register_forward_pre_hook(before) for layer in layers]
    wide = [layer for layer in layers if _can_be_cut(layer)]
    for layer in wide:
        layer.forward = partial(_in_bands, layer, check)
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
        for layer in wide:
            del layer.forward  # the class has its own


def _is_layer(module: Any) -> bool:
    own = next(module.parameters(recurse=False), None)
    return own is not None and next(module.children(), None) is None


def _can_be_cut(layer: Any) -> bool:
    """Convolutions on a CPU: one of a large decoder takes seconds at real sizes."""
    return (
        type(layer) is torch.nn.Conv2d
        and layer.weight.device.type == "cpu"
        and layer.padding_mode == "zeros"
        and not isinstance(layer.padding, str)
        and "forward" not in vars(layer)
    )


def _in_bands(layer: torch.nn.Conv2d, check: CancelCheck, pixels: Tensor) -> Tensor:
    """What the convolution makes of (N, C, h, w), a few rows at a time where it is much work."""
    tall = int(layer.kernel_size[0])
    down, across = (int(side) for side in layer.padding)
    (step, _), (spread, _) = layer.stride, layer.dilation
    reach = spread * (tall - 1) + 1
    rows = (pixels.shape[-2] + 2 * down - reach) // step + 1
    row = len(pixels) * pixels.shape[-1] * layer.weight.numel() // layer.stride[1]
    at_once = max(1, _CUT // max(1, row))
    if rows <= at_once:
        whole: Tensor = layer._conv_forward(pixels, layer.weight, layer.bias)
        return whole
    made: Tensor | None = None
    for top in range(0, rows, at_once):
        check()
        end = min(rows, top + at_once)
        first, last = top * step - down, (end - 1) * step - down + reach
        part = pixels[..., max(0, first) : max(0, last), :]
        beyond = (0, 0, max(0, -first), max(0, last - pixels.shape[-2]))
        if any(beyond):
            part = functional.pad(part, beyond)
        band = functional.conv2d(
            part, layer.weight, layer.bias, layer.stride, (0, across), layer.dilation, layer.groups
        )
        if made is None:
            made = band.new_empty((*band.shape[:-2], rows, band.shape[-1]))
        made[..., top:end, :] = band
    assert made is not None
    return made
