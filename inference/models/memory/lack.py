"""Whether an error says that memory ran out: each library has words of its own."""

from __future__ import annotations

from typing import Final

_WORDS: Final = (
    "can't allocate memory",  # torch on a CPU: a RuntimeError
    "out of memory",  # CUDA, XPU and MPS where no class says it
    "cublas_status_alloc_failed",
    "could not create a memory object",  # oneDNN
)


def lacks_memory(error: BaseException) -> bool:
    """True for `MemoryError`, `torch.OutOfMemoryError`, and errors of libraries that mean it.

    Torch is not imported for that.
    """
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(words in text for words in _WORDS)
