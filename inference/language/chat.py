"""Questions to language models that were not trained on our lines, and strict reading of answers.

A model with a chat template gets messages, any other causal model the same as plain text with
examples before it. Of an answer the first object of JSON is read, also where a model talks before
it or puts it into a fence; an answer without one is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from editor.messages import verbatim
from editor.model.prompt_edit.prompt_edit import PromptEdit, prompt_edit
from editor.model.prompt_edit.prompt_tokens import key_of, words
from inference.language.proposals import (
    INSTRUCTION_LETTERS,
    PROMPT_WORDS,
    Context,
    Proposal,
    replaces_subject,
)
from inference.language.reasons import of_prompts
from inference.language.shots import shots_for

ANSWER_TOKENS: Final = 160
DONE_LIMIT: Final = 8
REFUSED_LIMIT: Final = 8
_TALK_LINES: Final = 3

_SUGGEST: Final = (
    "You help an artist edit a picture by words. You get the caption of the picture, what was "
    "asked so far and what was refused. Propose one next edit that was not asked and not refused. "
    'Answer with one line of JSON and nothing else: {"instruction": what the artist would say, '
    "a verb first, in at most five words, "
    '"type": "insert", "delete", "swap" or "replace", "new_prompt": the caption after the edit}. '
    "Change as few words of the caption as the edit needs."
)
_AFTER: Final = (
    "You help an artist edit a picture by words. You get the caption of the picture and an "
    "instruction. Answer with one line of JSON and nothing else: "
    '{"new_prompt": the caption after the edit}. Change as few words as the edit needs; keep '
    "everything the instruction does not speak of."
)
_AFTER_EXAMPLES: Final = (
    (
        ("a wooden boat on a calm lake, summer", "turn the boat into a swan"),
        "a swan on a calm lake, summer",
    ),
    (
        ("a portrait of an old man with a red hat", "take the hat away"),
        "a portrait of an old man",
    ),
    (("a street in a small town at noon", "let it snow"), "a snowy street in a small town at noon"),
    (("two dogs on a beach", "as a watercolour"), "a watercolour of two dogs on a beach"),
)


def suggest_messages(context: Context, shots: int = 1) -> list[dict[str, str]]:
    """The conversation that ends where the model proposes an edit.

    Args:
        context: what it follows from.
        shots: examples of each kind before it (`shots_for`).
    """
    messages = [{"role": "system", "content": _SUGGEST}]
    for shot in shots_for(context, shots):
        block = _block(Context(shot.caption), shot.done, shot.refused)
        messages.append({"role": "user", "content": block})
        answer = {"instruction": shot.instruction, "type": shot.kind, "new_prompt": shot.target}
        messages.append({"role": "assistant", "content": json.dumps(answer, ensure_ascii=False)})
    done = [step.instruction for step in context.done if step.instruction][-DONE_LIMIT:]
    refused = context.unwanted[-REFUSED_LIMIT:]
    messages.append({"role": "user", "content": _block(context, done, refused)})
    return messages


def after_messages(caption: str, instruction: str) -> list[dict[str, str]]:
    """The conversation that ends where the model says the caption after an edit."""
    messages = [{"role": "system", "content": _AFTER}]
    for (before, request), after in _AFTER_EXAMPLES:
        messages.append({"role": "user", "content": _asked(before, request)})
        messages.append({"role": "assistant", "content": json.dumps({"new_prompt": after})})
    messages.append({"role": "user", "content": _asked(caption, instruction)})
    return messages


def as_text(messages: Sequence[dict[str, str]], tokenizer: Any, *, template: bool) -> str:
    """The conversation as the text a model continues."""
    if template:
        try:
            text = tokenizer.apply_chat_template(
                list(messages), tokenize=False, add_generation_prompt=True
            )
        except Exception:  # some templates have no system role and raise an error of jinja
            joined = [dict(messages[1]), *messages[2:]]
            joined[0]["content"] = f"{messages[0]['content']}\n\n{joined[0]['content']}"
            text = tokenizer.apply_chat_template(joined, tokenize=False, add_generation_prompt=True)
        return str(text)
    lines = [messages[0]["content"], ""]
    lines += [f"{m['content']}\n" if m["role"] == "user" else m["content"] for m in messages[1:]]
    return "\n".join(lines)


def read_suggestion(answer: str, context: Context, *, subject: bool) -> Proposal | None:
    """What an answer proposes; None unless it is what was asked for.

    The type is computed: one that is claimed must be the type that is found, but a claim may be
    left out. The instruction must speak of what changes; the subject is only replaced where
    ``subject`` allows it.
    """
    values = _object(answer)
    text, claimed, target = (values.get(n) for n in ("instruction", "type", "new_prompt"))
    if not isinstance(text, str) or not isinstance(target, str):
        return None
    kind = prompt_edit(context.caption, " ".join(target.split())).kind
    if claimed not in (None, kind):
        return None
    return checked_proposal(text, target, context, subject=subject)


def checked_proposal(text: str, target: str, context: Context, *, subject: bool) -> Proposal | None:
    """An instruction and the caption after it as a proposal; None where they do not fit together.

    Args:
        text: the instruction.
        target: the caption after it.
        context: what they follow from.
        subject: whether the thing the picture is about may become another one.
    """
    text, target = " ".join(text.split()), " ".join(target.split())
    if not 0 < len(text) <= INSTRUCTION_LETTERS or not _is_prompt(target, context.caption):
        return None
    edit = prompt_edit(context.caption, target)
    if edit.kind == "none":
        return None
    if not subject and replaces_subject(edit):
        return None
    if not _speaks_of(text, edit):
        return None
    return Proposal(text, target, of_prompts(context.caption, target, context.path))


def read_loosely(answer: str, prompt: str) -> Proposal | None:
    """What an answer proposes, also where instruction and prompt do not fit together.

    For measuring: nothing of this kind is shown to an artist.
    """
    values = _object(answer)
    text, target = values.get("instruction"), values.get("new_prompt")
    if not isinstance(text, str) or not isinstance(target, str):
        return None
    target = " ".join(target.split())
    if prompt and not target:
        return None
    return Proposal(" ".join(text.split()), target, verbatim(""))


def read_after(answer: str, caption: str) -> str | None:
    """The caption after an edit; None unless the answer is exactly what was asked for."""
    target = _object(answer).get("new_prompt")
    return checked_target(target, caption) if isinstance(target, str) else None


def checked_target(target: str, caption: str) -> str | None:
    """A caption after an edit; None unless it differs from the caption and shares words with it."""
    target = " ".join(target.split())
    if not _is_prompt(target, caption) or prompt_edit(caption, target).kind == "none":
        return None
    return target


def _speaks_of(instruction: str, edit: PromptEdit) -> bool:
    """Whether instruction and change share a word, ignoring endings ("fog", "foggy")."""
    changed = {
        word.key
        for change in edit.changes
        for word in words(f"{change.text} {change.other}")
        if not word.small
    }
    named = [word.key for word in words(instruction) if not word.small]
    return any(a.startswith(b) or b.startswith(a) for a in named for b in changed)


def _is_prompt(target: str, caption: str) -> bool:
    """Whether it is a prompt of acceptable length that shares words with the caption."""
    old, new = set(key_of(caption)), key_of(target)
    return 0 < len(new) <= PROMPT_WORDS and bool(old & set(new))


def answer_ends(answer: str) -> bool:
    """Whether an answer is complete: an object is closed, or after a few lines none has begun."""
    begin = answer.find("{")
    if begin < 0:
        return len([line for line in answer.split("\n")[:-1] if line.strip()]) > _TALK_LINES
    return _first_object(answer) is not None


def _object(answer: str) -> dict[str, Any]:
    """The first object of JSON in an answer; {} where there is none."""
    return _first_object(answer) or {}


def _first_object(answer: str) -> dict[str, Any] | None:
    begin = answer.find("{")
    if begin < 0:
        return None
    try:
        values, _ = json.JSONDecoder().raw_decode(answer, begin)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _block(context: Context, done: Sequence[str], refused: Sequence[str]) -> str:
    lines = [f"Caption: {' '.join(context.caption.split())}"]
    lines += [f"Asked so far {i}: {' '.join(t.split())}" for i, t in enumerate(done, 1)]
    lines += [f"Refused: {' '.join(text.split())}" for text in refused]
    if context.pinned:
        lines.append(f"Words that stay: {', '.join(context.pinned)}")
    if context.forbidden:
        lines.append(f"Words that must not come: {', '.join(context.forbidden)}")
    if context.wanted:
        lines.append(f"Types wanted: {', '.join(dict.fromkeys(context.wanted))}")
    return "\n".join(lines)


def _asked(caption: str, instruction: str) -> str:
    return f"Caption: {' '.join(caption.split())}\nInstruction: {' '.join(instruction.split())}"
