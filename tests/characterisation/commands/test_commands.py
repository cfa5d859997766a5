"""Every command line does what it did before the rebuilding."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.characterisation import comparing
from tests.characterisation.commands.cases import CASES
from tests.characterisation.running import Case, ran

EXPECTED = Path(__file__).with_name("expected")


def test_there_is_an_expectation_for_each() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
    assert sorted(names) == sorted(path.stem for path in EXPECTED.glob("*.json"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_does_what_it_did(case: Case, tmp_path: Path) -> None:
    expected = comparing.read(EXPECTED / f"{case.name}.json")
    found = ran(case, tmp_path / "run")
    wrong = list(comparing.differences(expected, found, case.tolerance))
    assert not wrong, "\n".join(wrong[:20])
