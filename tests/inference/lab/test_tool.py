from __future__ import annotations

import pytest

from editor.errors import ExpectedError
from inference.lab.tool import run_tool


@pytest.mark.parametrize(
    ("end", "code"),
    [(None, 0), (KeyboardInterrupt(), 130), (ExpectedError("No model.", "Add one."), 3)],
)
def test_the_exit_code_says_how_it_ended(
    end: BaseException | None, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def main() -> int:
        if end is not None:
            raise end
        return 0

    with pytest.raises(SystemExit) as stopped:
        run_tool(main)
    assert stopped.value.code == code
    assert capsys.readouterr().err == ("No model. Add one.\n" if code == 3 else "")


def test_a_bug_keeps_its_traceback() -> None:
    def main() -> int:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_tool(main)
