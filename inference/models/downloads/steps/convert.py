"""Turns GGUF files and pickles into safetensors, in a process that may do nothing else."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from inference.models.downloads.child import StepError

_FORBIDDEN: Final = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname",
    "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork",
)  # fmt: skip
"""Audit events that end the step: it needs no network and no other process."""


def run(values: Mapping[str, Any]) -> dict[str, Any]:
    """Convert one weights file into a model folder.

    Args:
        values: `kind` "gguf" or "pickle", `file` to read, `folder` to write to, `memory`, the most
            bytes of address space that reading may take beside what the libraries took; for a
            pickle the `name` of the file that is written.

    Raises:
        StepError: "memory", or "conversion" with `file` and `reason`.
    """
    kind, file, folder = str(values["kind"]), Path(values["file"]), Path(values["folder"])
    scratch = folder / ".scratch"
    scratch.mkdir()
    tempfile.tempdir = str(scratch)  # the only place for temporary files of the libraries
    try:
        if kind == "gguf":
            _gguf(file, folder, int(values["memory"]))
        else:
            _pickle(file, folder / Path(values["name"]).name, int(values["memory"]))
    except MemoryError:
        raise StepError("memory") from None
    except Exception as error:  # stock readers raise anything on damaged files
        reason = " ".join(str(error).split()) or type(error).__name__
        raise StepError("conversion", file=file.name, reason=reason[:200]) from error
    finally:
        shutil.rmtree(scratch)
    return {}


def confine(folder: Path, memory: int) -> None:
    """From here on: no network, no other process, files written only below a folder.

    Python's audit hooks cannot be taken off again. They stop what is done through Python, which is
    all that `weights_only` reading can reach; memory is limited where the system can.
    """
    _limit_memory(memory)
    below = os.path.realpath(folder) + os.sep

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(f"{event} is not allowed here")
        if event == "open" and _writes(arguments):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if not path.startswith(below):
                raise PermissionError("writing elsewhere is not allowed here")

    sys.addaudithook(refuse)


def _writes(arguments: tuple[Any, ...]) -> bool:
    path, mode, flags = (*arguments, None, None)[:3]
    if not isinstance(path, str | bytes):  # a descriptor that is open already
        return False
    if isinstance(mode, str):
        return any(letter in mode for letter in "wax+")
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


def _limit_memory(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    with suppress(OSError, ValueError):  # a hard limit below it is stricter already
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _gguf(file: Path, folder: Path, memory: int) -> None:
    """A causal language model with its tokenizer; float16 holds 4-bit weights well enough."""
    import torch

    from inference.models.libraries import prepare_libraries

    prepare_libraries()
    import transformers
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    models, tokenizers = transformers.AutoModelForCausalLM, transformers.AutoTokenizer
    torch.set_num_threads(max(1, torch.get_num_threads() // 2))
    confine(folder, memory)
    place: dict[str, Any] = {"gguf_file": file.name, "local_files_only": True}
    tokenizer = tokenizers.from_pretrained(file.parent, **place)
    unpack = transformers.GgufConfig(dequantize=True)
    model = models.from_pretrained(
        file.parent, dtype=torch.float16, quantization_config=unpack, **place
    )
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def _pickle(file: Path, target: Path, memory: int) -> None:
    """A checkpoint of tensors alone; whatever else it asks for is refused by torch."""
    from safetensors.torch import save_file

    from inference.models.downloads.steps.read_pickle import read_pickle

    confine(target.parent, memory)
    save_file(read_pickle(file), target, {"format": "pt"})
