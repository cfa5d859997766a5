"""Each editing method has a page that names all of its settings as the window does."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.request.registry import METHODS, MethodInfo

PAGES = Path(__file__).resolve().parents[2] / "docs" / "methods"
SAMPLING = [info for info in METHODS.values() if not info.parametric and not info.begins]
SHARED = {"num_inference_steps", "guidance_scale", "negative_prompt", "lora"}
"""Explained once, for all methods, in the list of pages."""


@pytest.mark.parametrize("info", SAMPLING, ids=lambda info: info.name)
def test_a_page_says_what_it_is_good_at_and_names_its_settings(info: MethodInfo) -> None:
    text = (PAGES / f"{info.name}.md").read_text("utf-8")
    assert text.startswith(f"# {info.title}\n")
    for part in ("Good at", "Not so good at", f"--method {info.name}"):
        assert part in text, part
    for setting in info.settings:
        if setting.name not in SHARED:
            assert f"**{setting.title}** (`{setting.name}`)" in text, setting.name


def test_the_list_has_every_page_and_the_shared_settings() -> None:
    text = (PAGES / "README.md").read_text("utf-8")
    for info in SAMPLING:
        assert f"[{info.title}]({info.name}.md)" in text
    for name in SHARED:
        (title,) = {s.title for info in SAMPLING for s in info.settings if s.name == name}
        assert f"**{title}** (`{name}`)" in text
    assert {file.stem for file in PAGES.glob("*.md")} == {"README", *(one.name for one in SAMPLING)}
