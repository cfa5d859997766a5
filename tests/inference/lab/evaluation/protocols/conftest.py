from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from editor.formats import save_image
from editor.model.image import Image
from inference.lab.evaluation.brush.make import write_brush
from inference.lab.evaluation.subjects import read_outlines
from inference.lab.finetune.instructpe.make import InstructPeOptions, make_instructpe, read_records
from inference.language.chat_lines import CHAT_LINES
from tests.inference import tiny_helper_models, tiny_models
from tests.inference.language import talkers


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    """Networks this small lose time to threads that wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def brush(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sessions with three turns."""
    return write_brush(tmp_path_factory.mktemp("data") / "brush", 2, 0, 32)


@pytest.fixture(scope="session")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture under the name of one that was outlined by hand."""
    folder = tmp_path_factory.mktemp("photographs")
    save_image(Image.from_array(tiny_models.scene(90, 60)), folder / read_outlines()[0].file)
    return folder


@pytest.fixture(scope="session")
def helpers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny models that enlarge and that find people."""
    folder = tmp_path_factory.mktemp("helpers")
    tiny_helper_models.dat(folder / "up")
    tiny_helper_models.selfie_segmentation(folder / "people")
    return folder


@pytest.fixture(scope="session")
def chat_records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few records of the storybook."""
    folder = tmp_path_factory.mktemp("records")
    make_instructpe(InstructPeOptions(storybook=120, held_out=4), folder)
    return folder


@pytest.fixture(scope="session")
def chat_arm(chat_records: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny model of random weights that is asked in the lines of `train chat`."""
    records = read_records(chat_records / "train.json")
    tokenizer = talkers.words([(r.source_prompt, r.beautified_target_prompt) for r in records])
    model = talkers.gpt2(tokenizer, lines=False, width=32)
    model.config.chat_lines = CHAT_LINES
    folder = tmp_path_factory.mktemp("chat")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return f"tiny={folder}"


@pytest.fixture(scope="session")
def captions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Captions in which two concepts occur twice."""
    file = tmp_path_factory.mktemp("captions") / "captions.txt"
    file.write_text("a red owl at night\na red owl\na small boat\na small boat at sea\n", "utf-8")
    return file


@pytest.fixture(scope="session")
def caption_arm(captions: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny model of random weights that continues a concept."""
    tokenizer = talkers.words([(captions.read_text("utf-8"), "")])
    folder = tmp_path_factory.mktemp("captioned")
    talkers.gpt2(tokenizer, lines=False, width=32).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return f"tiny={folder}:continued"


@pytest.fixture(scope="session")
def first_editor(tiny: Path) -> str:
    """An untrained editor, named as `evaluate editing-data` wants it."""
    return f"gold={tiny / 'instruct-pix2pix'}"


@pytest.fixture(scope="session")
def second_editor(tiny: Path) -> str:
    """The same one under another name."""
    return f"filtered={tiny / 'instruct-pix2pix'}"


@pytest.fixture(scope="session")
def sentences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence that tone and colour knows, and one that nobody does."""
    file = tmp_path_factory.mktemp("sentences") / "sentences.jsonl"
    rows = [
        {"text": "warmer", "kind": "known", "group": "tone"},
        {"text": "blorf it", "kind": "unknown", "group": "nonsense"},
    ]
    common = {"picture": "outside", "part": "held-out"}
    file.write_text("".join(json.dumps({**common, **row}) + "\n" for row in rows), "utf-8")
    return file
