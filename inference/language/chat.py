"""Questions to language models that were not trained on our lines, and strict reading of answers.

A model with a chat template gets messages, any other causal model the same as plain text with
examples before it. Every answer must be one line of JSON; anything else is dropped.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from editor.model.prompt_edit.prompt_edit import OP_KINDS, PromptEdit, prompt_edit
from editor.model.prompt_edit.prompt_tokens import key_of, words
from inference.language.proposals import (
    INSTRUCTION_LETTERS,
    PROMPT_WORDS,
    Context,
    Proposal,
    replaces_subject,
)
from inference.language.reasons import of_prompts

ANSWER_TOKENS: Final = 160
DONE_LIMIT: Final = 8
REFUSED_LIMIT: Final = 8

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
_SUGGEST_EXAMPLES: Final = (
    (
        ("a wooden boat on a calm lake, summer", ("make it summer",), ("add a swan",)),
        ("add morning mist", "insert", "a wooden boat on a calm lake, summer, morning mist"),
    ),
    (
        ("an old man with a red hat in a crowded street", (), ("make it night",)),
        ("remove the hat", "delete", "an old man in a crowded street"),
    ),
    (
        ("a vase of pink tulips on a table by a window", (), ()),
        ("make the tulips yellow", "replace", "a vase of yellow tulips on a table by a window"),
    ),
    (
        ("a lighthouse at noon, clear sky, oil painting", ("as an oil painting",), ()),
        ("make the sky stormy", "replace", "a lighthouse at noon, stormy sky, oil painting"),
    ),
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


def suggest_messages(context: Context) -> list[dict[str, str]]:
    """The conversation that ends where the model proposes an edit."""
    messages = [{"role": "system", "content": _SUGGEST}]
    for given, (text, kind, prompt) in _SUGGEST_EXAMPLES:
        messages.append({"role": "user", "content": _block(*given)})
        answer = {"instruction": text, "type": kind, "new_prompt": prompt}
        messages.append({"role": "assistant", "content": json.dumps(answer, ensure_ascii=False)})
    done = [step.instruction for step in context.done if step.instruction][-DONE_LIMIT:]
    refused = context.unwanted[-REFUSED_LIMIT:]
    messages.append({"role": "user", "content": _block(context.caption, done, refused)})
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
    """What an answer proposes; None unless it is exactly what was asked for.

    The type that is claimed must be the type that is found; the instruction must speak of what
    changes; the subject is only replaced where ``subject`` allows it.
    """
    values = _object(answer)
    text, claimed, target = (values.get(n) for n in ("instruction", "type", "new_prompt"))
    if not isinstance(text, str) or claimed not in OP_KINDS or not isinstance(target, str):
        return None
    text, target = " ".join(text.split()), " ".join(target.split())
    if not 0 < len(text) <= INSTRUCTION_LETTERS or not _is_prompt(target, context.caption):
        return None
    edit = prompt_edit(context.caption, target)
    if edit.kind != claimed or (not subject and replaces_subject(edit)):
        return None
    if not _speaks_of(text, edit):
        return None
    return Proposal(text, target, of_prompts(context.caption, target, context.path))


def read_after(answer: str, caption: str) -> str | None:
    """The caption after an edit; None unless the answer is exactly what was asked for."""
    target = _object(answer).get("new_prompt")
    if not isinstance(target, str):
        return None
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


def _object(answer: str) -> dict[str, Any]:
    try:
        values = json.loads(answer)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _block(caption: str, done: Sequence[str], refused: Sequence[str]) -> str:
    lines = [f"Caption: {' '.join(caption.split())}"]
    if done:
        lines += [f"Asked so far {i}: {' '.join(t.split())}" for i, t in enumerate(done, 1)]
    if refused:
        lines += [f"Refused: {' '.join(text.split())}" for text in refused]
    return "\n".join(lines)


def _asked(caption: str, instruction: str) -> str:
    return f"Caption: {' '.join(caption.split())}\nInstruction: {' '.join(instruction.split())}"
