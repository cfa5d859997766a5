"""The lines in which a language model is taught to write edits of a caption.

They are those of InstructPix2Pix's fine-tuned GPT-3 (Brooks et al. 2023, appendix A): the caption
ends with ``##`` on a line; the answer is the instruction, ``%%``, the edited caption and ``END``.
"""

from __future__ import annotations

from typing import Final

from inference.lab.finetune.edit_texts.text_triple import TextTriple
from inference.lab.finetune.suggest_examples import LearntExample

EDIT_LINES: Final = "edit-texts-1"
"""Names this form in the config of a model, or beside a LoRA."""

LINES_KEY: Final = "edit_text_lines"
_END: Final = "\nEND"
_DIVIDER: Final = "\n%%\n"


def edit_question(caption: str) -> str:
    """What the model is asked."""
    return f"{' '.join(caption.split())}\n##\n"


def edit_example(triple: TextTriple) -> LearntExample:
    """The question and its answer."""
    return edit_question(triple.caption), f"{triple.edit}{_DIVIDER}{triple.output}{_END}"


def is_complete(answer: str) -> bool:
    """Whether an answer has its last line."""
    return answer.rstrip(" ").endswith(_END)


def parse_answer(caption: str, answer: str) -> TextTriple | None:
    """What an answer says; None where the published filter would drop it.

    It keeps answers of exactly two parts that change the caption.
    """
    text = answer.strip()
    if not text.endswith(_END):
        return None
    parts = [part.strip() for part in text.removesuffix(_END).split(_DIVIDER)]
    if len(parts) != 2 or any(not part or "\n" in part for part in parts):
        return None
    triple = TextTriple(" ".join(caption.split()), *parts)
    return triple if triple.changes else None
