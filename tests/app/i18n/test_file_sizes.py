from __future__ import annotations

import pytest

from app.i18n.file_sizes import file_size_text


@pytest.mark.parametrize(
    ("size", "text"), [(2_412_000, "2.4 MB"), (41_000_000, "41 MB"), (840_100, "840 kB"),
                       (12, "1 kB"), (0, "0 kB"), (1_300_000_000, "1.3 GB")],
)  # fmt: skip
def test_sizes_are_said_as_people_say_them(size: int, text: str) -> None:
    assert file_size_text(size) == text
