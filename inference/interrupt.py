"""A cancel is heard inside other people's code: between two weights, between two layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from torch.overrides import TorchFunctionMode

Check = Callable[[], None]


class _Interrupted(BaseException):
    """What a check raised, on its way out: stock loaders take an `Exception` for damage."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


class _Listening(TorchFunctionMode):
    """Asks before every call of torch on this thread."""

    def __init__(self, check: Check) -> None:
        super().__init__()
        self._check = check

    def __torch_function__(
        self,
        func: Any,
        types: Iterable[Any],
        args: Sequence[Any] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Do as without this mode."""
        try:
            self._check()
        except Exception as error:
            raise _Interrupted(error) from None
        return func(*args, **(kwargs or {}))


@contextmanager
def between_weights(check: Check) -> Iterator[None]:
    """Have `check` called at every weight that a stock loader makes, fills or moves.

    For loading only: a call more for every operation of torch on this thread. What `check` raises
    comes out as it is, whatever the loader makes of errors.
    """
    try:
        with _Listening(check):
            yield
    except _Interrupted as stop:
        raise stop.error from None


@contextmanager
def between_layers(networks: Iterable[Any], check: Check) -> Iterator[None]:
    """Have every layer of torch networks call `check` first, so that a cancel waits for one.

    A layer is a module with weights and no parts, so no word or picture is too large to be
    stopped in the middle. What `check` raises leaves the forward pass; the hooks go in any case.
    On whatever thread the networks run.
    """

    def before(*_: Any) -> None:
        check()

    handles = [
        layer.register_forward_pre_hook(before)
        for network in networks
        for layer in network.modules()
        if _is_layer(layer)
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _is_layer(module: Any) -> bool:
    own = next(module.parameters(recurse=False), None)
    return own is not None and next(module.children(), None) is None
