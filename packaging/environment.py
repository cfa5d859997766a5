"""Create `.venv` with everything pinned, and what Qt needs from the system. Standard library only.

Called by `make env`, and by `make run` and `make test` when something is missing or has changed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".pentimento-ready"

# Library to probe -> Debian package. Qt's xcb plugin and OpenGL stubs are not in its wheels.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
# The window tests drive the real program; without these they are skipped.
TEST_TOOLS = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox"}


def missing_packages() -> list[str]:
    """Debian packages whose library or tool is not there."""
    missing = []
    for library, package in LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    missing += [package for tool, package in TEST_TOOLS.items() if shutil.which(tool) is None]
    return missing


def install_system_packages() -> None:
    """On Debian as root install what is missing; elsewhere print the exact line."""
    if not sys.platform.startswith("linux"):
        return
    missing = missing_packages()
    if not missing:
        return
    line = "apt-get install -y --no-install-recommends " + " ".join(missing)
    if shutil.which("apt-get") and os.geteuid() == 0:
        print(f"Installing from the system: {' '.join(missing)}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        done = subprocess.run([*line.split(), "-qq"], env=environment, check=False)
        if done.returncode == 0:
            return
        print("That did not work; the window may not open until it does.", file=sys.stderr)
    print(f"The window needs libraries of the system. On Debian or Ubuntu:\n    sudo {line}")


def create_venv() -> Path:
    """Make `.venv` if it is not there and return its Python."""
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    return python


def main() -> int:
    """Set everything up; 0 when the program can start."""
    if sys.version_info < (3, 11):  # noqa: UP036 - runs under any Python
        print(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 2
    install_system_packages()
    python = create_venv()
    print("Installing Python packages (a few minutes the first time)", flush=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check"]
    constraints = ROOT / "constraints.txt"
    # setuptools comes first so that the editable install needs no separate build environment.
    subprocess.run([*pip, "install", "-q", "-U", "-c", str(constraints), "pip"], check=True)
    subprocess.run(
        [*pip, "install", "-q", "-U", "-c", str(constraints), "setuptools", "wheel"], check=True
    )
    subprocess.run(
        [
            *pip,
            "install",
            "-q",
            "-c",
            str(constraints),
            "--no-build-isolation",
            "-e",
            f"{ROOT}[dev,lab]",
        ],
        check=True,
    )
    STAMP.write_text("ready\n")
    print("Ready.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
