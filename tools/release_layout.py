"""The tree that bloom releases, with both packages side by side: `python tools/release_layout.py FOLDER`.

Here the interfaces lie inside the folder of the main package, where tools that look for packages stop at the first
package.xml. Commit the folder to the release branch of your fork, and run bloom there.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
INTERFACES = Path("ros2_ws/src/part_perception_interfaces")
LEFT_OUT = ("ros2_ws", ".ci")  # folders that belong to neither package


def tracked() -> list[Path]:
    """All files that git knows here."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [Path(name) for name in listed.decode().split("\0") if name]


def place(file: Path) -> Path | None:
    """Where a file lies in the release; None: it is not part of it."""
    if file.is_relative_to(INTERFACES):
        return INTERFACES.name / file.relative_to(INTERFACES)
    return None if file.parts[0] in LEFT_OUT else "part_perception" / file


def write(out: Path) -> None:
    """Copy every file of both packages to its place in a folder that must be empty or new."""
    if out.exists() and any(out.iterdir()):
        raise SystemExit(f"{out} is not empty")
    for file in tracked():
        target = place(file)
        if target is not None:
            (out / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / file, out / target)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    write(Path(sys.argv[1]))
