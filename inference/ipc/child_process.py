from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing import AuthenticationError, Pipe
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from pathlib import Path
from typing import IO, Any

HELLO = b"pentimento-engine-1"
KEY_BYTES = 32
LOG_LIMIT = 1 << 20
_TAIL = 4000


def default_command() -> list[str]:
    """How the child is started: this program with `--engine` when frozen, else the module."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--engine"]
    return [sys.executable, "-P", "-m", "inference.ipc.child"]


class Child:
    """One running child process and the connection to it.

    The connection is an inherited socket pair (a named pipe on Windows), so that there is no
    address anyone else could connect to; both ends still prove that they hold the key, which
    travels through standard input and so never shows in a process list.
    """

    def __init__(self, home: Path, command: Sequence[str], arguments: Sequence[str]) -> None:
        """Start it; raises OSError where it cannot be started."""
        self._key = secrets.token_bytes(KEY_BYTES)
        self.greeted = False
        logs = home / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        self._log = logs / "engine.log"
        ours, theirs = Pipe(duplex=True)
        self.connection: Connection[Any, Any] = ours
        try:
            with _open_log(self._log) as log:
                self._log_start = log.tell()
                self._process = _spawn(
                    [*command, "--home", str(home), *arguments], theirs, log, home
                )
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        assert self._process.stdin is not None
        with suppress(OSError):  # it died at once: the closed connection shows that
            self._process.stdin.write(self._key)
            self._process.stdin.close()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def greet(self) -> bool:
        """Read its first message and prove both ends; False where that fails."""
        try:
            if self.connection.recv_bytes(len(HELLO)) != HELLO:
                return False
            deliver_challenge(self.connection, self._key)
            answer_challenge(self.connection, self._key)
        except (OSError, EOFError, AuthenticationError, AssertionError):
            return False
        self.greeted = True
        return True

    def kill(self) -> None:
        """End it now; safe from any thread and more than once."""
        with suppress(OSError):
            self._process.kill()

    def end(self) -> str:
        """End it, reap it, close the connection; its exit and last words for "Copy details"."""
        self.kill()
        with suppress(OSError):
            self.connection.close()
        try:
            code: int | str = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            code = "none: it does not end"
        stdin = self._process.stdin
        if stdin is not None and not stdin.closed:
            with suppress(OSError):
                stdin.close()
        return f"engine exit code: {code}\n{self._last_words()}".strip()

    def _last_words(self) -> str:
        try:
            with self._log.open("rb") as log:
                log.seek(0, os.SEEK_END)
                log.seek(max(self._log_start, log.tell() - _TAIL))
                return log.read().decode("utf-8", "replace")
        except OSError:
            return ""


def _open_log(path: Path) -> IO[bytes]:
    with suppress(OSError):
        if path.stat().st_size > LOG_LIMIT:
            path.unlink()
    return path.open("ab")


def _spawn(
    command: list[str], theirs: Connection[Any, Any], log: IO[bytes], home: Path
) -> subprocess.Popen[bytes]:
    handle = theirs.fileno()
    # The child must find this package wherever it was started from; -P keeps its own working
    # folder, which strangers may write to, off the path.
    root = str(Path(__file__).resolve().parents[2])
    environment = dict(os.environ)
    if not getattr(sys, "frozen", False):
        paths = [root, *filter(None, [environment.get("PYTHONPATH")])]
        environment["PYTHONPATH"] = os.pathsep.join(paths)
    options: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.DEVNULL,
        "stderr": log,
        "env": environment,
        "cwd": home,
    }
    if sys.platform == "win32":
        os.set_handle_inheritable(handle, True)
        startup = subprocess.STARTUPINFO()
        startup.lpAttributeList = {"handle_list": [handle]}
        options["startupinfo"] = startup
        options["creationflags"] = (
            subprocess.BELOW_NORMAL_PRIORITY_CLASS | subprocess.CREATE_NO_WINDOW
        )
    else:
        options["pass_fds"] = (handle,)
    return subprocess.Popen([*command, "--connection", str(handle)], bufsize=0, **options)
