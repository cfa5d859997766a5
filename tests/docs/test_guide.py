"""The keys, files and pictures that the docs name are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.window.actions import ACTIONS

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/guide.md")
ALL_PAGES = sorted(
    str(page.relative_to(ROOT)) for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
)
LARGEST = 350_000
"""Bytes of a picture."""

OF_WIDGETS = {"Ctrl+↑↓"}
"""Keys of one widget while it has the focus: weights of words on the Caption page."""


@pytest.mark.parametrize("page", PAGES)
def test_keys_are_those_of_the_actions(page: str) -> None:
    text = (ROOT / page).read_text("utf-8").replace("`", "")
    named = set(
        re.findall(r"\b(?:Ctrl|Shift|Alt)\+(?:Shift\+)?(?:[A-Z][A-Za-z]*|[^\sA-Z()]+)", text)
    )
    named = {key if key == "Ctrl+," else key.rstrip(",.:;") for key in named}
    named |= set(re.findall(r"\bF\d+\b|(?<=\()[A-Z](?=\))", text))
    keys = {key.replace("Return", "Enter") for action in ACTIONS for key in action.keys}
    assert named - keys <= OF_WIDGETS


@pytest.mark.parametrize("page", ALL_PAGES)
def test_links_and_files_are_there_and_pictures_small(page: str) -> None:
    file = ROOT / page
    text = file.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        found = file.parent / target
        assert found.exists(), target
        if found.suffix == ".png":
            assert found.stat().st_size <= LARGEST, target
    for named in re.findall(r"`((?:app|editor|inference|resources|tests)/[\w/.-]+)`", text):
        assert "NAME" in named or (ROOT / named).exists(), named


def test_every_screenshot_is_on_a_page() -> None:
    text = "".join((ROOT / page).read_text("utf-8") for page in ALL_PAGES)
    unused = [one.name for one in (ROOT / "docs" / "images").glob("*.png") if one.name not in text]
    assert not unused
