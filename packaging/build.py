"""Build the one-folder program into `dist/` and prove that it runs on its own.

`make package`. The proof runs the frozen program with an empty PATH, no HOME, no network and a
limit on processes: a frozen program that starts itself again without end (a lost
`freeze_support()`) takes a machine down in minutes, so nothing here starts it unguarded.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "packaging" / "pentimento.spec"
NAME = "pentimento"
REPORT = ROOT / "out" / "package.json"

EXIT_CODES = {"storybook": 3}
"""What ends otherwise than with 0: the packaged program leaves `inference.lab` out and says so."""

MOST_PROCESSES = 20
"""A self-test needs three; more means that the program starts itself again."""

SPARE_THREADS = 400
"""RLIMIT_NPROC counts the threads of the user's every process: this many may be added."""

BUILD_NICE = 15

_PR_SET_CHILD_SUBREAPER = 36


class CheckFailed(Exception):
    """What the frozen program does not do."""


@dataclass
class Outcome:
    """How a guarded run ended."""

    code: int
    seconds: float
    out: str
    most_processes: int
    killed: str = ""


@dataclass
class Guard:
    """Runs one command without network, PATH and HOME, and ends all of it if it multiplies."""

    folder: Path
    network: bool = False
    most: int = MOST_PROCESSES
    isolate: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if sys.platform == "linux":
            # Orphans of what we start become our children, so that none escapes the count.
            ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
            if not self.network:
                self.isolate = _without_network()

    def environment(self) -> dict[str, str]:
        """As little as a program can be given; HOME names a folder that is not there."""
        system = {k: v for k, v in os.environ.items() if k in {"SYSTEMROOT", "TEMP", "TMP"}}
        return {
            **system,
            "PATH": "",
            "HOME": str(self.folder / "missing"),
            "TMPDIR": str(self.folder),
            "PENTIMENTO_HOME": str(self.folder / "home"),
            "QT_QPA_PLATFORM": "offscreen",
            "LC_ALL": "C.UTF-8",
        }

    def run(self, command: list[str], timeout: float) -> Outcome:
        """Run it to its end; kill everything at `timeout` or at the limit of processes."""
        options: dict[str, Any] = {}
        if os.name == "posix":
            options = {"start_new_session": True, "preexec_fn": _limit_processes}
        others = {p.pid for p in psutil.Process().children(recursive=True)}
        began = time.monotonic()
        with (self.folder / "output.txt").open("w+b") as log:
            process = subprocess.Popen(
                [*self.isolate, *command],
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                **options,
            )
            most, killed = 0, ""
            while process.poll() is None and not killed:
                mine = _descendants(others)
                most = max(most, len(mine))
                if len(mine) > self.most:
                    killed = f"{len(mine)} processes"
                elif time.monotonic() - began > timeout:
                    killed = f"more than {timeout:.0f} s"
                else:
                    time.sleep(0.02)
            seconds = time.monotonic() - began
            if not killed and _wait_for_none(others):
                killed = f"left {len(_descendants(others))} processes running"
            _end_all(process, others)
            log.seek(0)
            text = log.read().decode("utf-8", "replace")
        return Outcome(process.returncode, seconds, text, most, killed)


def _without_network() -> list[str]:
    """The words that take the network from a command, where this machine allows it."""
    tool = shutil.which("unshare")
    if tool is None:
        return []
    for words in ([tool, "-n"], [tool, "-r", "-n"]):  # as root; as anyone with user namespaces
        done = subprocess.run([*words, "true"], check=False, capture_output=True)
        if done.returncode == 0:
            return words
    return []


def _limit_processes() -> None:
    import resource

    now = 0
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.uids().real == os.getuid():
                now += process.num_threads()
    limit = now + SPARE_THREADS
    hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))


def _descendants(others: set[int]) -> list[psutil.Process]:
    found = psutil.Process().children(recursive=True)
    return [p for p in found if p.pid not in others and _alive(p)]


def _alive(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _wait_for_none(others: set[int], seconds: float = 3.0) -> bool:
    """True if something still runs after that time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not _descendants(others):
            return False
        time.sleep(0.05)
    return True


def _end_all(process: subprocess.Popen[bytes], others: set[int]) -> None:
    """Kill what is left until nothing is: a fork bomb goes on while it is being killed."""
    for _ in range(200):
        left = _descendants(others)
        if not left:
            break
        if os.name == "posix" and process.returncode is None:  # else its number may be another's
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        for each in left:
            with suppress(psutil.Error):
                each.kill()
        with suppress(subprocess.TimeoutExpired):  # before psutil could take its exit code
            process.wait(timeout=10)
        psutil.wait_procs([p for p in left if p.pid != process.pid], timeout=0.2)


def build(dist: Path, work: Path, *, probe: bool) -> float:
    """Run PyInstaller at low priority; seconds it took."""
    began = time.monotonic()
    options: dict[str, Any] = {}
    if os.name == "posix":  # only PyInstaller gives way: the checks have time limits
        options["preexec_fn"] = lambda: os.nice(max(0, BUILD_NICE - os.nice(0)))
    environment = {**os.environ, "PENTIMENTO_FREEZE_PROBE": "1" if probe else "0"}
    command = [sys.executable, "-m", "PyInstaller", str(SPEC), "--noconfirm"]
    command += ["--log-level", "WARN", "--distpath", str(dist), "--workpath", str(work)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, **options)
    return time.monotonic() - began


def ensure_pyinstaller() -> None:
    """Install the extra `package`, pinned, if it is not there."""
    ask = [sys.executable, "-m", "PyInstaller", "--version"]
    done = subprocess.run(ask, check=False, capture_output=True)
    if done.returncode == 0:
        return
    command = [sys.executable, "-m", "pip", "install", "-q", "-c", str(ROOT / "constraints.txt")]
    subprocess.run([*command, "pyinstaller"], check=True)


def sizes(folder: Path, count: int = 15) -> dict[str, Any]:
    """Bytes and files of a folder; links count as nothing."""
    files = [p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()]
    weight = {p: p.stat().st_size for p in files}
    by_folder: dict[str, int] = {}
    for path, size in weight.items():
        parts = path.relative_to(folder).parts
        top = parts[1] if parts[0] == "_internal" and len(parts) > 2 else "(top level)"
        by_folder[top] = by_folder.get(top, 0) + size
    largest = sorted(weight, key=weight.__getitem__, reverse=True)[:count]
    folders = sorted(by_folder, key=by_folder.__getitem__, reverse=True)[:count]
    return {
        "bytes": sum(weight.values()),
        "files": len(files),
        "links": sum(p.is_symlink() for p in folder.rglob("*")),
        "largest": {str(p.relative_to(folder)): weight[p] for p in largest},
        "folders": {name: by_folder[name] for name in folders},
    }


def check(program: Path) -> dict[str, Any]:
    """Run the frozen program through what it must do; raises `CheckFailed` with its output."""
    facts: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="pentimento prüfung ") as name:
        folder = Path(name)
        guard = Guard(folder)
        facts["network"] = "removed" if guard.isolate else "not removed (unshare is not allowed)"
        sample = next((program.parent / "_internal/resources/samples").glob("*.png"))
        probe = program.with_name(f"{program.stem}-probe{program.suffix}")
        out = folder / "out"
        edit = ["edit", str(sample), "warmer, and lift the shadows a little", "-o", str(out)]
        runs: list[tuple[str, list[str], float]] = [
            ("--selftest", [str(program), "--selftest"], 120),
            ("--version", [str(program), "--version"], 30),
            ("doctor", [str(program), "doctor", "--json"], 60),
            ("edit", [str(program), *edit, "--json"], 120),
            ("storybook", [str(program), "storybook", str(folder / "scenes"), "--count", "1"], 60),
            ("window", [str(program), "--startup-report"], 60),
        ]
        if probe.is_file():
            runs.append(("probe", [str(probe)], 180))
        for label, command, limit in runs:
            outcome = guard.run(command, limit)
            facts[label] = {
                "seconds": round(outcome.seconds, 2),
                "processes": outcome.most_processes,
                "code": outcome.code,
            }
            print(f"{label:<12} {outcome.seconds:6.2f} s, {outcome.most_processes} processes")
            if outcome.killed or outcome.code != EXIT_CODES.get(label, 0):
                why = outcome.killed or f"exit code {outcome.code}"
                raise CheckFailed(f"{label}: {why}\n{outcome.out[-4000:]}")
            _look(label, outcome.out, facts, out)
    return facts


def _look(label: str, text: str, facts: dict[str, Any], out: Path) -> None:
    lines = text.strip().splitlines() or [""]
    if label == "--selftest" and lines[-1] != "OK":
        raise CheckFailed(f"the self-test ends with {lines[-1]!r}")
    if label == "storybook" and len(lines) != 1:
        raise CheckFailed(f"storybook says more than a sentence: {text}")
    if label in ("window", "probe"):
        report = json.loads(lines[-1])
        facts[label]["report"] = report
        if report.get("torch_in_process"):
            raise CheckFailed("the window's process has torch in it")
    if label == "edit":
        made = json.loads((out / "result.json").read_text("utf-8"))["candidates"]
        if not made or not all((out / c["file"]).is_file() for c in made):
            raise CheckFailed("edit left no candidates")


def main() -> int:
    """Build, measure, prove; 0 when the program works on its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dist", type=Path, default=ROOT / "dist")
    parser.add_argument("--no-build", action="store_true", help="check the build that is there")
    parser.add_argument("--no-probe", action="store_true", help="leave the heavy packages unasked")
    arguments = parser.parse_args()
    folder = arguments.dist / NAME
    program = folder / (NAME + (".exe" if os.name == "nt" else ""))
    report: dict[str, Any] = {"when": time.strftime("%Y-%m-%d %H:%M"), "python": sys.version[:7]}
    if not arguments.no_build:
        ensure_pyinstaller()
        work = ROOT / "build" / "pyinstaller"
        report["build_s"] = round(build(arguments.dist, work, probe=not arguments.no_probe), 1)
        shutil.rmtree(work, ignore_errors=True)
    try:
        report["checks"] = check(program)
    except CheckFailed as failure:
        print(f"The frozen program does not work.\n{failure}", file=sys.stderr)
        return 1
    program.with_name(f"{NAME}-probe{program.suffix}").unlink(missing_ok=True)
    report["load"] = [round(x, 1) for x in os.getloadavg()] if hasattr(os, "getloadavg") else None
    report["size"] = sizes(folder)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    size = report["size"]
    print(f"{folder}: {size['bytes'] / 1e9:.2f} GB in {size['files']} files")
    for name, weight in size["largest"].items():
        print(f"{weight / 1e6:8.1f} MB  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
