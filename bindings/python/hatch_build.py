"""Builds the shared library with cargo and puts it into the wheel.

``JUSTCLICK_GLIBC=2.17`` builds for that glibc and later with cargo-zigbuild, and tags the wheel
for them; without it the wheel is for machines like this one.
"""

from __future__ import annotations

import os
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class LibraryHook(BuildHookInterface[Any]):
    """Called by hatchling for each wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the library, and the tag that says where it runs."""
        glibc = os.environ.get("JUSTCLICK_GLIBC")
        library = _build(self._sources(), glibc)
        build_data["force_include"][str(library)] = "justclick/libjustclick.so"
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{_platform(glibc)}"

    def _sources(self) -> Path:
        """Beside the package in its archive, above it in the repository."""
        root = Path(self.root)
        inside = root / "library"
        return inside if inside.is_dir() else root.parent.parent


def _machine() -> str:
    return sysconfig.get_platform().partition("-")[2]


def _platform(glibc: str | None) -> str:
    if glibc is None:
        return sysconfig.get_platform().replace("-", "_").replace(".", "_")
    return f"manylinux_{glibc.replace('.', '_')}_{_machine()}"


def _build(sources: Path, glibc: str | None) -> Path:
    target = Path(os.environ.get("CARGO_TARGET_DIR") or sources / "target")
    command = ["cargo", "build"]
    folder = target / "release"
    if glibc is not None:
        triple = f"{_machine()}-unknown-linux-gnu"
        command = ["cargo", "zigbuild", "--target", f"{triple}.{glibc}"]
        folder = target / triple / "release"
    command += ["--locked", "--release", "--lib", "--manifest-path", str(sources / "Cargo.toml")]
    try:
        subprocess.run([*command, "--target-dir", str(target)], check=True)
    except FileNotFoundError:
        raise RuntimeError("cargo is needed to build the library; see https://rustup.rs") from None
    return folder / "libjustclick.so"
