from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(scope="session")
def starter() -> Any:
    """A tiny GPT-2 that has learned to read five instructions and to propose twenty edits."""
    from tests.inference.language import talkers

    lines = talkers.next_lines() + talkers.reading_lines()
    tokenizer = talkers.words(lines)
    return talkers.taught(talkers.gpt2(tokenizer, lines=True), tokenizer, lines, 110, 4e-3)


@pytest.fixture(scope="session")
def babbler() -> Any:
    """A GPT-2 of random weights that says it knows the lines."""
    from tests.inference.language import talkers

    tokenizer = talkers.words(talkers.reading_lines())
    return talkers.Talker(talkers.gpt2(tokenizer, lines=True, width=32).eval(), tokenizer)
