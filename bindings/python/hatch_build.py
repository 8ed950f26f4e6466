"""Builds the shared library with cargo and puts it into the wheel.

``JUSTCLICK_GLIBC=2.17`` builds for that glibc and later with cargo-zigbuild, and tags the wheel
for them; ``JUSTCLICK_MUSL=1.2`` does so for musl, which Alpine has, and needs Rust's target for it.
Without either the wheel is for machines like this one. ``JUSTCLICK_BUILT`` names a folder with
what was built already, the library and the command, and bears the name of where that runs, such as
x86_64-linux-musl.
"""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any, NamedTuple

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Libc(NamedTuple):
    """A C library other than this machine's own."""

    tag: str
    triple: str
    #: What cargo-zigbuild adds to the triple.
    version: str
    flags: str


#: What is built already runs with these and later ones.
GLIBC, MUSL = "2.17", "1.2"


class LibraryHook(BuildHookInterface[Any]):
    """Called by hatchling for each wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the library, and the tag that says where it runs."""
        build_data["pure_python"] = False
        built = os.environ.get("JUSTCLICK_BUILT")
        if built:
            _add_built(Path(built), build_data)
            return
        libc = _chosen()
        library = _build(self._sources(), libc)
        build_data["force_include"][str(library)] = "justclick/libjustclick.so"
        build_data["tag"] = f"py3-none-{libc.tag if libc else _own_tag()}"

    def _sources(self) -> Path:
        """Beside the package in its archive, above it in the repository."""
        root = Path(self.root)
        inside = root / "library"
        return inside if inside.is_dir() else root.parent.parent


def _add_built(folder: Path, build_data: dict[str, Any]) -> None:
    """Wheels for several platforms may lie in one folder, so the library has a place for each."""
    machine, _, libc = folder.name.split("-")
    tag = f"manylinux_{GLIBC}" if libc == "gnu" else f"musllinux_{MUSL}"
    build_data["tag"] = f"py3-none-{tag.replace('.', '_')}_{machine}"
    library = f"justclick/lib/{folder.name}/libjustclick.so"
    build_data["force_include"][str(folder / "libjustclick.so")] = library
    build_data["shared_scripts"][str(folder / "justclick")] = "justclick"
    notices = folder / "THIRD-PARTY-LICENSES.txt"
    if notices.exists():
        build_data["force_include"][str(notices)] = f"justclick/lib/{notices.name}"


def _own_tag() -> str:
    return sysconfig.get_platform().replace("-", "_").replace(".", "_")


def _chosen() -> Libc | None:
    machine = sysconfig.get_platform().partition("-")[2]
    glibc, musl = os.environ.get("JUSTCLICK_GLIBC"), os.environ.get("JUSTCLICK_MUSL")
    if glibc and musl:
        raise RuntimeError("JUSTCLICK_GLIBC and JUSTCLICK_MUSL are for two wheels: set one")
    if glibc:
        tag = f"manylinux_{glibc.replace('.', '_')}_{machine}"
        return Libc(tag, f"{machine}-unknown-linux-gnu", f".{glibc}", "")
    if musl:
        tag = f"musllinux_{musl.replace('.', '_')}_{machine}"
        # Rust links musl statically by default, which no shared library can be.
        return Libc(tag, f"{machine}-unknown-linux-musl", "", "-C target-feature=-crt-static")
    return None


def _build(sources: Path, libc: Libc | None) -> Path:
    target = Path(os.environ.get("CARGO_TARGET_DIR") or sources / "target").resolve()
    command = ["cargo", "rustc"]
    environment = dict(os.environ)
    folder = target / "release"
    if libc is not None:
        command = ["cargo-zigbuild", "rustc", "--target", f"{libc.triple}{libc.version}"]
        folder = target / libc.triple / "release"
        if libc.flags:
            environment["RUSTFLAGS"] = f"{environment.get('RUSTFLAGS', '')} {libc.flags}".strip()
    command += ["--locked", "--release", "--lib", "--crate-type", "cdylib"]
    command += ["--target-dir", str(target)]
    if sys.platform == "linux":
        command += ["--", "@build/library.args"]
    try:
        # In its folder cargo finds what its configuration says of SQLite.
        subprocess.run(command, check=True, cwd=sources, env=environment)
    except FileNotFoundError:
        raise RuntimeError("cargo is needed to build the library; see https://rustup.rs") from None
    return folder / "libjustclick.so"
