from __future__ import annotations

import sys
from collections.abc import Callable
from typing import NoReturn

from editor.errors import ExpectedError


def run_tool(main: Callable[[], int]) -> NoReturn:
    """Run the `main` of a ``python -m`` tool and exit with its code.

    As on the program's own command line: 130 when it was interrupted, 3 and one line on stderr
    for an `ExpectedError`.
    """
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except ExpectedError as error:
        print(f"{error.message} {error.fix}", file=sys.stderr)
        sys.exit(3)
