"""One writer per document; what a crash leaves behind blocks nobody."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from editor.storage.document import Document
from editor.storage.lock import WriteLock, wal_works
from tests.editor.document_cases import a_document

ROOT = Path(__file__).resolve().parents[3]


def test_one_holder_at_a_time(tmp_path: Path) -> None:
    first, second = WriteLock(tmp_path / "x"), WriteLock(tmp_path / "x")
    assert first.take()
    assert first.take(), "taking twice is harmless"
    assert not second.take()
    first.release()
    assert not first.held
    assert second.take()
    second.release()
    second.release()
    assert list(tmp_path.iterdir()) == []


def test_many_threads_one_holder(tmp_path: Path) -> None:
    holders = []
    most = 0
    guard = threading.Lock()

    def work() -> None:
        nonlocal most
        for _ in range(200):
            lock = WriteLock(tmp_path / "x")
            if lock.take():
                with guard:
                    holders.append(lock)
                    most = max(most, len(holders))
                with guard:
                    holders.remove(lock)
                lock.release()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_killed_window_leaves_no_lock(tmp_path: Path) -> None:
    document = a_document(tmp_path, path=tmp_path / "x.pentimento")
    document.close()
    code = (
        "import sys; from pathlib import Path; from editor.storage.document import Document\n"
        "d = Document.open(Path(sys.argv[1])); print(d.read_only, flush=True); sys.stdin.read()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(document.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stdout.readline() == "False\n"
    with Document.open(document.path) as second:
        assert second.read_only
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdin.close()
    child.stdout.close()
    assert (tmp_path / ".x.pentimento.lock").exists()
    with Document.open(document.path) as second:
        assert not second.read_only


def test_a_folder_that_cannot_be_written_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        WriteLock(tmp_path / "nowhere" / "x").take()


def test_wal_is_used_on_local_disks(tmp_path: Path) -> None:
    assert wal_works(tmp_path)
