"""Prompts that image generators leave in their pictures."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from PIL import Image as PilImage
from sd_parsers import Eagerness, ParserManager

from inference.language.traces.prompt_log import PROMPT_CHARACTERS, LogEntry

PICTURE_SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".webp")
_USER_COMMENT, _EXIF = 0x9286, 0x8769
_SWARM: Final = "sui_image_params"


def read_pictures(folder: Path) -> Iterator[LogEntry]:
    """The prompt of every picture below a folder that names one, each folder as one user.

    AUTOMATIC1111, ComfyUI, InvokeAI, Fooocus and NovelAI are read by sd-parsers, SwarmUI here. The
    time is the file's. Pixels are not decoded; what is no picture is left out.
    """
    parsers = ParserManager(eagerness=Eagerness.FAST)
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() not in PICTURE_SUFFIXES or not file.is_file():
            continue
        prompt = prompt_in_picture(file, parsers)
        if prompt:
            user = file.parent.relative_to(folder).as_posix()
            name = file.relative_to(folder).as_posix()
            yield LogEntry(user, prompt[:PROMPT_CHARACTERS], file.stat().st_mtime, name)


def prompt_in_picture(file: Path, parsers: ParserManager | None = None) -> str:
    """The prompt a picture was made with, with single spaces; "" where it names none."""
    reader = parsers or ParserManager(eagerness=Eagerness.FAST)
    try:
        with warnings.catch_warnings():
            # Only headers are read, so a large picture does no harm.
            warnings.simplefilter("ignore", PilImage.DecompressionBombWarning)
            with PilImage.open(file) as opened:
                found = _swarm(opened) or _parsed(opened, reader) or _comfy(opened)
    except (OSError, ValueError, SyntaxError, PilImage.DecompressionBombError):
        return ""
    return " ".join(found.split())


def _parsed(opened: PilImage.Image, reader: ParserManager) -> str:
    """The prompt that sd-parsers finds; "" for none, and where it does not expect the metadata.

    It takes the types of foreign JSON for granted, so one odd picture could end the whole import.
    """
    try:
        found = reader.parse(opened)
        return found.full_prompt if found is not None else ""
    except (LookupError, AttributeError, TypeError, ArithmeticError, RecursionError):
        return ""


def _swarm(opened: PilImage.Image) -> str:
    """The prompt of SwarmUI: JSON in the text ``parameters`` or in the comment of the EXIF."""
    text = opened.info.get("parameters")
    if text is None:
        text = _decoded(opened.getexif().get_ifd(_EXIF).get(_USER_COMMENT, ""))
    if not isinstance(text, str) or _SWARM not in text:
        return ""
    settings = _object(text).get(_SWARM)
    prompt = settings.get("prompt") if isinstance(settings, dict) else None
    return prompt if isinstance(prompt, str) else ""


def _comfy(opened: PilImage.Image) -> str:
    """What the samplers of a ComfyUI graph are told, where sd-parsers does not know them.

    From the input ``positive`` of every node that has one the links are followed to texts.
    """
    graph = _object(opened.info.get("prompt"))
    texts: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [link for node in graph.values() for link in [_inputs(node).get("positive")] if link]
    while waiting:
        link = waiting.pop(0)
        name = str(link[0]) if isinstance(link, list) and link else ""
        if not name or name in seen:
            continue
        seen.add(name)
        inputs = _inputs(graph.get(name))
        text = inputs.get("text")
        if isinstance(text, str):
            texts.setdefault(text)
        else:
            waiting += [value for value in inputs.values() if isinstance(value, list)]
    return ", ".join(texts)


def _inputs(node: Any) -> dict[str, Any]:
    """The inputs of a node; {} for what is no node."""
    found = node.get("inputs") if isinstance(node, dict) else None
    return found if isinstance(found, dict) else {}


def _object(text: Any) -> dict[str, Any]:
    """A JSON object; {} for anything else."""
    try:
        values = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _decoded(comment: Any) -> str:
    """A comment of the EXIF: eight bytes that name its characters, then the text; "" for others.

    Writers of "UNICODE" do not agree on the order of bytes; JSON begins with an ASCII character.
    """
    if isinstance(comment, str):
        return comment
    if not isinstance(comment, bytes):
        return ""
    text = comment[8:]
    if comment[:7] == b"UNICODE":
        return text.decode("utf-16-be" if text[:1] == b"\0" else "utf-16-le", "replace")
    return text.decode("utf-8", "replace")
