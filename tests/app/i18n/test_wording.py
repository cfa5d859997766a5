"""Every text that people read keeps the rules of wording."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor.messages import english

ROOT = Path(__file__).parents[3]

LONGEST = 140
ABOUT = "Apache License 2.0."
"""The licences on the About page are as long as they are."""

RULES = {
    "no exclamation mark": re.compile(r"!"),
    "no semicolon": re.compile(r";"),
    "no please": re.compile(r"\bplease\b", re.IGNORECASE),
    "no AI and no I": re.compile(r"\bAI\b|\bI\b"),
    "computer, not machine or device": re.compile(r"\b(?:machine|device)s?\b", re.IGNORECASE),
    "British spelling": re.compile(
        r"\b(?:colors?|gray|center|favorite|behavior|canceled|(?:organ|real|minim|maxim)ize\w*)\b",
        re.IGNORECASE,
    ),
}


def texts() -> Iterator[tuple[str, str]]:
    """Where each text stands, and the text: the window's, and the messages of the engine."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "app/*.py"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    for name in listed:
        if name.startswith("app/cli/") or not (ROOT / name).exists():
            continue
        for node in ast.walk(ast.parse((ROOT / name).read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            function = node.func
            called = getattr(function, "id", getattr(function, "attr", ""))
            if called in ("tr", "N_", "translate"):
                for one in node.args:
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield f"{name}:{node.lineno}", one.value
    yield from english().items()


@pytest.mark.parametrize("rule", RULES)
def test_every_text_keeps_the_rule(rule: str) -> None:
    assert {where: text for where, text in texts() if RULES[rule].search(text)} == {}


def test_no_text_is_longer_than_people_read_at_once() -> None:
    long = {where: text for where, text in texts() if len(text) > LONGEST}
    assert {where for where, text in long.items() if not text.startswith(ABOUT)} == set()


def test_the_check_reads_what_it_should() -> None:
    found = {text for _, text in texts()}
    assert {"Keep this", "Looking at the picture", english()["reason.follows_best"]} <= found
    assert len(found) > 800
