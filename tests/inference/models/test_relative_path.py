from __future__ import annotations

import pytest

from inference.models.relative_path import stays_inside


@pytest.mark.parametrize("path", ["a", "a/b.json", "a/..b", ".hidden/a"])
def test_what_stays_inside(path: str) -> None:
    assert stays_inside(path)


@pytest.mark.parametrize("path", ["/a", "../a", "a/../../b", "a\\..\\b", "\\a", "C:a", "C:/a"])
def test_what_leads_out(path: str) -> None:
    assert not stays_inside(path)
