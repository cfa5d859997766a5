"""Two programs on one document: the second reads, and may write once the first has ended."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.session.open_document import document_to_start_with
from editor.storage.document import Document, verify
from tests.app.cli.cli_cases import ROOT, program
from tests.editor.document_cases import a_document, a_node

HOLDER = """
import sys
from pathlib import Path
from editor.storage.document import Document
from tests.editor.document_cases import a_node
document = Document.open(Path(sys.argv[1]))
print(document.read_only, flush=True)
for line in sys.stdin:
    document.accept(a_node(document.history, int(line))).result()
    print(document.history.head, flush=True)
document.close()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[Callable[[Path], subprocess.Popen[str]]]:
    """Starts another program that has a document open and keeps an idea for each line it gets."""
    started: list[subprocess.Popen[str]] = []

    def start(path: Path) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(path)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        started.append(child)
        return child

    yield start
    for child in started:
        child.communicate()


def test_reading_while_another_program_writes(
    tmp_path: Path, holder: Callable[[Path], subprocess.Popen[str]]
) -> None:
    path = tmp_path / "x.pentimento"
    a_document(tmp_path, path=path).close()
    child = holder(path)
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == "False\n"
    for number in range(3):
        print(number, file=child.stdin, flush=True)
        kept = child.stdout.readline().strip()
        with Document.open(path) as second:
            assert second.read_only
            assert second.history.head == kept
    done = program("export", str(path), "--node", kept, "-o", str(tmp_path / "a.png"))
    assert done.returncode == 0, done.stderr
    refused = program("compact", str(path))
    assert refused.returncode == 3
    assert "open in another window" in refused.stderr
    child.communicate()
    assert program("compact", str(path)).returncode == 0
    assert verify(path).ok
    with Document.open(path) as again:
        assert not again.read_only
        again.accept(a_node(again.history, 9)).result()
        assert len(again.history.nodes) == 5


def test_a_second_window_does_not_begin_with_the_document_of_the_first(
    tmp_path: Path, holder: Callable[[Path], subprocess.Popen[str]]
) -> None:
    path = tmp_path / "x.pentimento"
    a_document(tmp_path, path=path).close()
    assert document_to_start_with(tmp_path, str(path)) == path
    child = holder(path)
    assert child.stdout is not None
    assert child.stdout.readline() == "False\n"
    assert document_to_start_with(tmp_path, str(path)) is None
    child.communicate()
    assert document_to_start_with(tmp_path, str(path)) == path
