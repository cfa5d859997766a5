"""Tiny language models of the true classes, overfitted on a few lines in seconds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from inference.lab.storybook.edits import EDIT_KINDS, edit_of
from inference.lab.storybook.instructions import instruct
from inference.lab.training.language import edit_line
from inference.lab.training.tokenizers import language_tokenizer
from inference.language import chat
from inference.language.proposals import Context
from inference.models.libraries import prepare_libraries, quiet
from inference.starter.captions import canonical
from inference.starter.lines import DIVIDER, LINE_FORMAT, question_line
from inference.starter.scene import Scene

SCENE = Scene(subject="house", colour="red", second="cat", second_colour="green", ground="fence",
              place="meadow", light="noon", weather="clear", season="summer", view="near",
              style="flat")  # fmt: skip
CAPTION = canonical(SCENE)
PHOTO = "a wooden boat on a calm lake"


@dataclass
class Talker:
    """A `Language` in memory."""

    model: Any
    tokenizer: Any
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    has_template: bool = False


def taught(
    model: Any, tokenizer: Any, lines: Sequence[tuple[str, str]], steps: int, lr: float = 3e-3
) -> Talker:
    """Overfit on (question, answer) pairs; loss on the answers only."""
    end = tokenizer.eos_token_id
    rows = []
    for asked, answer in lines:
        head = tokenizer(asked).input_ids
        rows.append((head, [*tokenizer(answer).input_ids, end]))
    longest = max(len(h) + len(t) for h, t in rows)
    ids = torch.full((len(rows), longest), end)
    labels = torch.full_like(ids, -100)
    mask = torch.zeros_like(ids)
    for i, (head, tail) in enumerate(rows):
        ids[i, : len(head) + len(tail)] = torch.tensor(head + tail)
        labels[i, len(head) : len(head) + len(tail)] = torch.tensor(tail)
        mask[i, : len(head) + len(tail)] = 1
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    model.train()
    for _ in range(steps):
        loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if loss.item() < 0.01:
            break
    return Talker(model.eval(), tokenizer)


def gpt2(tokenizer: Any, *, lines: bool, context: int = 192, width: int = 96) -> Any:
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    end = tokenizer.eos_token_id
    extra = {"line_format": LINE_FORMAT} if lines else {}
    config = GPT2Config(
        vocab_size=len(tokenizer), n_positions=context, n_embd=width, n_layer=2, n_head=4,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0,
        bos_token_id=end, eos_token_id=end, pad_token_id=end, **extra,
    )  # fmt: skip
    return GPT2LMHeadModel(config)


def words(lines: Sequence[tuple[str, str]]) -> Any:
    """A stock GPT-2 tokenizer whose pieces are the words of these lines."""
    prepare_libraries()
    quiet()
    told = [asked + answer for asked, answer in lines]
    return language_tokenizer([*told, *(f" {text}" for text in told)], size=640, context=1024)


def next_lines() -> list[tuple[str, str]]:
    """Twenty edits of one picture, two or three of each kind."""
    rng = np.random.default_rng(0)
    lines = []
    for i in range(20):
        edit = edit_of(SCENE, rng, EDIT_KINDS[i % len(EDIT_KINDS)])
        if edit is not None:
            text = instruct(edit, rng).text
            lines.append((question_line("next", CAPTION), f" {text}{DIVIDER}{edit_line(edit)}"))
    return lines


READINGS = {
    "make it night": ("light light = night", SCENE.with_(light="night")),
    "paint the house blue": ("recolour colour = blue", SCENE.with_(colour="blue")),
    "take the cat away": ("remove second = none", SCENE.with_(second="none")),
    "something else": ("light light = night", SCENE.with_(season="winter")),
    "gibberish please": ("hum dum", "the end"),
}


def reading_lines() -> list[tuple[str, str]]:
    lines = []
    for text, (edit, after) in READINGS.items():
        caption = canonical(after) if isinstance(after, Scene) else after
        lines.append((question_line("edit", CAPTION, text), f" {edit}"))
        lines.append((question_line("after", CAPTION, text), f" {caption}"))
    return lines


PHOTO_EDITS = (
    ("add morning mist", "insert", f"{PHOTO}, morning mist"),
    ("make the lake stormy", "replace", "a wooden boat on a stormy lake"),
    ("it need not be wooden", "delete", "a boat on a calm lake"),
    ("put a gull on the mast", "insert", f"{PHOTO} with a gull on the mast"),
    ("make it winter", "insert", f"{PHOTO} in winter"),
    ("let it glow in the evening", "insert", f"{PHOTO}, evening glow"),
    # Not to be believed: a wrong type, another subject, no change, other words, no JSON.
    ("make it red", "delete", f"a red {PHOTO.removeprefix('a ')}"),
    ("a castle", "replace", "a wooden castle on a calm lake"),
    ("nothing", "insert", PHOTO),
    ("make it sunny", "insert", f"{PHOTO}, heavy rain"),
)


def chat_lines(tokenizer: Any, *, template: bool) -> list[tuple[str, str]]:
    asked = chat.as_text(chat.suggest_messages(Context(PHOTO)), tokenizer, template=template)
    answers = [
        json.dumps({"instruction": t, "type": k, "new_prompt": p}) for t, k, p in PHOTO_EDITS
    ]
    return [(asked, answer) for answer in [*answers, "Sure! Here is an edit:"]]
