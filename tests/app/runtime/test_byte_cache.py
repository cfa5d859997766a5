from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.runtime.byte_cache import ByteCache


def test_the_least_recently_used_goes_first() -> None:
    cache = ByteCache[str, bytes](3, len)
    for name in "abc":
        cache.put(name, b"x")
    assert cache.get("a") == b"x"
    cache.put("d", b"x")
    assert [cache.get(name) for name in "abcd"] == [b"x", None, b"x", b"x"]


def test_the_newest_stays_however_large() -> None:
    cache = ByteCache[str, bytes](3, len)
    cache.put("a", b"x")
    cache.put("b", b"xxxxx")
    assert (len(cache), cache.held) == (1, 5)


@given(st.lists(st.tuples(st.integers(0, 5), st.binary(max_size=40)), min_size=1))
def test_held_is_what_there_is(puts: list[tuple[int, bytes]]) -> None:
    cache = ByteCache[int, bytes](60, len)
    for key, value in puts:
        cache.put(key, value)
        assert cache.get(key) == value
    found = [cache.get(key) for key in range(6)]
    assert cache.held == sum(len(value) for value in found if value is not None)
    assert cache.held <= 60
