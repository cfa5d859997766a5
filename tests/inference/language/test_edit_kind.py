from __future__ import annotations

import pytest

from inference.language.edit_kind import KINDS, edit_kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("add a cat", "add"),
        ("remove the fence", "remove"),
        ("get rid of the clouds", "remove"),
        ("make the door blue", "recolour"),
        ("make it night", "scene"),
        ("in autumn", "scene"),
        ("turn the boat into a swan", "replace"),
        ("swap the castle for a windmill", "replace"),
        ("warmer", ""),
        ("", ""),
    ],
)
def test_kind_of_edit(text: str, kind: str) -> None:
    assert edit_kind(text) == kind
    assert kind in (*KINDS, "")
