"""Conversions, each in the process that runs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from inference.models.downloads.child_process import StepFailed, run_step
from inference.models.store import ModelStore
from tests.inference.models.tiny_gguf import tiny_gguf

MEMORY = 4 << 30


def never() -> None:
    """A check that cancels nothing."""


def convert(kind: str, file: Path, folder: Path, memory: int = MEMORY) -> None:
    folder.mkdir(exist_ok=True)
    values = {
        "kind": kind,
        "file": str(file),
        "folder": str(folder),
        "name": "model.safetensors",
        "memory": memory,
    }
    run_step("convert", values, never, environment={"HF_HUB_OFFLINE": "1"})


def test_a_checkpoint_of_tensors_becomes_safetensors(tmp_path: Path) -> None:
    whole = torch.arange(6.0).reshape(2, 3)
    state = {"params": {"a": whole, "b": whole.T, "c": torch.tensor([1, 2])}}
    torch.save(state, tmp_path / "w.pth")
    convert("pickle", tmp_path / "w.pth", tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["model.safetensors"]
    found = load_file(tmp_path / "out" / "model.safetensors")
    assert found.keys() == {"a", "b", "c"}
    assert torch.equal(found["b"], whole.T)


class Malicious:
    """Pickled, it asks to have a command run."""

    def __init__(self, command: str) -> None:
        self._command = command

    def __reduce__(self) -> Any:
        return os.system, (self._command,)


@pytest.mark.parametrize("what", ["code", "text", "damaged"])
def test_what_is_more_than_tensors_is_refused_and_does_nothing(what: str, tmp_path: Path) -> None:
    mark, file = tmp_path / "mark", tmp_path / "w.pth"
    content = Malicious(f"echo > {mark}") if what == "code" else "words"
    torch.save({"a": torch.ones(2), "b": content}, file)
    if what == "damaged":
        file.write_bytes(file.read_bytes()[:200])
    with pytest.raises(StepFailed) as caught:
        convert("pickle", file, tmp_path / "out")
    assert caught.value.code == "conversion"
    assert caught.value.values["file"] == "w.pth"
    assert not mark.exists()
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="address space is limited on Linux")
def test_a_checkpoint_that_needs_more_memory_than_allowed_is_refused(tmp_path: Path) -> None:
    torch.save({"a": torch.zeros(1).expand(1 << 29)}, tmp_path / "w.pth")  # 2 GB once cloned
    with pytest.raises(StepFailed) as caught:
        convert("pickle", tmp_path / "w.pth", tmp_path / "out", memory=1 << 30)
    assert caught.value.code in ("memory", "conversion")
    assert list((tmp_path / "out").iterdir()) == []


CONFINED = """
import sys
from pathlib import Path
from inference.models.downloads.steps.convert import confine
confine(Path(sys.argv[1]), 1 << 30)
(Path(sys.argv[1]) / "inside").write_text("may be written")
try:
    {action}
except PermissionError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("import socket; socket.create_connection(('127.0.0.1', 9))", "socket."),
        ("import socket; socket.getaddrinfo('example.invalid', 80)", "socket.getaddrinfo"),
        ("import os; os.system('true')", "os.system"),
        ("import subprocess; subprocess.run(['true'])", "subprocess.Popen"),
        ("open(sys.argv[2], 'w')", "writing elsewhere"),
        ("import os; os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY)", "writing elsewhere"),
    ],
)
def test_a_confined_process_reaches_nothing(action: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", CONFINED.format(action=action), tmp_path / "in", tmp_path / "out"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said in done.stdout
    assert not (tmp_path / "out").exists()
    assert (tmp_path / "in" / "inside").exists()


def test_a_gguf_file_becomes_a_folder_that_is_found_loaded_and_answers(tmp_path: Path) -> None:
    tiny_gguf(tmp_path / "tiny.gguf")
    convert("gguf", tmp_path / "tiny.gguf", tmp_path / "models")
    store = ModelStore([tmp_path / "models"], device="cpu")
    (found,) = store.found
    assert (found.family, found.role) == ("causal-language", "chat")
    loaded = store.chat()
    assert loaded.has_template
    ids = loaded.tokenizer("abc", return_tensors="pt")["input_ids"]
    assert loaded.tokenizer.decode(ids[0]) == "abc"
    with torch.inference_mode():
        assert torch.isfinite(loaded.model(ids).logits).all()
