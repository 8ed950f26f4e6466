"""Looks whether what is shipped keeps its promises: `check.py FILES BUILT ROOT`.

Each archive is opened, and every fault is told.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from faults import LARGEST_LIBRARY, check_names, expect, faults, said
from windows_files import WINDOWS, check_import_library, check_windows

PLATFORMS = ("x86_64-linux-gnu", "x86_64-linux-musl", "aarch64-linux-gnu", "aarch64-linux-musl")
ARCHITECTURES = {"amd64": "x86_64", "arm64": "aarch64"}
#: glibc's own parts, which it splits up, and musl's only one.
LIBC = {
    "gnu": {
        "libc.so.6",
        "libm.so.6",
        "libdl.so.2",
        "libpthread.so.0",
        "librt.so.1",
        "libutil.so.1",
    },
    "musl": {"libc.so"},
}
FLOOR = (2, 17)
MEGABYTE = 1 << 20
LARGEST_PACKAGE = 15 * MEGABYTE


def expected_names(version: str) -> set[str]:
    """What a release is made of."""
    major = version.partition(".")[0]
    wheels = [
        f"{tag}_{machine}"
        for tag in ("manylinux_2_17", "musllinux_1_2")
        for machine in ARCHITECTURES.values()
    ]
    return {
        f"justclick-{version}.tar.gz",
        f"justclick-{version}.cdx.json",
        f"justclick-php-{version}.zip",
        *(f"justclick-{version}-{platform}.tar.gz" for platform in PLATFORMS),
        f"justclick-{version}-{WINDOWS}.zip",
        *(f"justclick-{version}-py3-none-{tag}.whl" for tag in wheels),
        *(
            f"{package}_{version}_{architecture}.deb"
            for package in (f"libjustclick{major}", "libjustclick-dev", "justclick")
            for architecture in ARCHITECTURES
        ),
    }


def unpack(archive: Path, folder: Path) -> None:
    """Unpacks an archive into a new folder; any other file is copied there."""
    if archive.suffix == ".deb":
        said("dpkg-deb", "--raw-extract", archive, folder)
    elif archive.suffix in (".whl", ".zip"):
        shutil.unpack_archive(archive, folder, "zip")
    elif archive.suffix == ".gz":
        folder.mkdir()
        said("tar", "-xzf", archive, "-C", folder)
    else:
        folder.mkdir()
        shutil.copy(archive, folder)


def platform_of(path: Path) -> str:
    """By its head, and by whether it needs glibc."""
    machine = "aarch64" if "AArch64" in said("readelf", "-h", path) else "x86_64"
    is_gnu = "libc.so.6" in said("readelf", "-dW", path)
    return f"{machine}-linux-{'gnu' if is_gnu else 'musl'}"


def needed(path: Path) -> set[str]:
    """The libraries that it asks the loader for."""
    names = set(re.findall(r"\(NEEDED\).*\[(.*)\]", said("readelf", "-dW", path)))
    return {name for name in names if not name.startswith("ld-linux-")}


def check_program(path: Path, where: str, libc: str) -> None:
    """What holds for a library and for the command."""
    dynamic, segments = said("readelf", "-dW", path), said("readelf", "-lW", path)
    stack = re.search(r"GNU_STACK.*", segments)
    expect(stack is not None and " RWE " not in stack[0], f"{where}: its stack can be run")
    expect("GNU_RELRO" in segments, f"{where}: has no RELRO")
    # A static program has nothing that could be bound later.
    is_static = "There is no dynamic section" in dynamic
    expect(is_static or "NOW" in dynamic, f"{where}: its RELRO is partial, without BIND_NOW")
    expect("Build ID: " in said("readelf", "-n", path), f"{where}: has no build id")
    extra = needed(path) - LIBC[libc]
    expect(not extra, f"{where}: needs {sorted(extra)}, beside libc")
    expect(".symtab" not in said("readelf", "-SW", path), f"{where}: is not stripped")
    versions = re.findall(r"GLIBC_([0-9]+)\.([0-9]+)", said("readelf", "-VW", path))
    newest = max(((int(major), int(minor)) for major, minor in versions), default=FLOOR)
    expect(newest <= FLOOR, f"{where}: needs glibc {newest[0]}.{newest[1]}")


def check_library(path: Path, where: str, libc: str, functions: set[str]) -> None:
    """What holds for the shared library."""
    check_program(path, where, libc)
    dynamic = said("readelf", "-dW", path)
    expect("[libjustclick.so." in dynamic, f"{where}: has no soname")
    expect("NODELETE" in dynamic, f"{where}: php-fpm would unmap it")
    symbols = said("nm", "--dynamic", "--defined-only", "--format=posix", path)
    exported = {line.split()[0] for line in symbols.splitlines()}
    check_names(exported, functions, where)
    size = path.stat().st_size
    expect(size <= LARGEST_LIBRARY, f"{where}: has {size} bytes")


def check_archive(path: Path, where: str, machine: str, functions: set[str]) -> None:
    """What holds for the static library."""
    nm = f"{machine}-linux-gnu-nm"
    lines = said(nm, "--extern-only", "--defined-only", "--format=posix", path).splitlines()
    check_names({line.split()[0] for line in lines if " " in line}, functions, where)


def files_beginning(folder: Path, mark: bytes) -> Iterator[Path]:
    """Those whose first bytes say what they are."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(len(mark)) == mark:
                    yield path


def check_binaries(archive: str, folder: Path, built: Path, functions: set[str]) -> None:
    """Each is the one that was built, stands where its platform says, and keeps the rules."""
    for path in files_beginning(folder, b"\x7fELF"):
        where = f"{archive}: {path.relative_to(folder)}"
        platform = platform_of(path)
        libc = platform.rpartition("-")[2]
        is_library = ".so" in path.name
        same = built / platform / ("libjustclick.so" if is_library else "justclick")
        is_same = same.exists() and path.read_bytes() == same.read_bytes()
        expect(is_same, f"{where}: is not what was built for {platform}")
        # The command needs nothing of a system, so that it is one for each machine.
        whose = platform if is_library else platform.partition("-")[0]
        others = [name for name in PLATFORMS if name in where and not name.startswith(whose)]
        expect(not others, f"{where}: is for {whose}")
        if is_library:
            check_library(path, where, libc, functions)
        else:
            check_program(path, where, libc)
            expect(not needed(path), f"{where}: is not static")
    for path in files_beginning(folder, b"MZ"):
        where = f"{archive}: {path.relative_to(folder)}"
        expect(WINDOWS in archive, f"{where}: is for Windows")
        check_windows(path, where, functions)
    for path in folder.rglob("*.dll.a"):
        check_import_library(path, f"{archive}: {path.relative_to(folder)}", functions)
    for path in folder.rglob("libjustclick.a"):
        machine = "aarch64" if re.search("aarch64|arm64", archive) else "x86_64"
        check_archive(path, f"{archive}: {path.relative_to(folder)}", machine, functions)


def secrets_of(root: Path) -> list[bytes]:
    """What only this machine has: paths, and the name of where crates come from."""
    cargo = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    registries = [path.name for path in (cargo / "registry/src").iterdir()]
    names = [str(root), str(cargo), f"{Path.home()}/", *registries]
    return [name.encode() for name in names]


def check_paths(archive: str, folder: Path, secrets: list[bytes]) -> None:
    """No file names what only this machine has."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            for secret in secrets:
                expect(secret not in content, f"{archive}: {path.name} names {secret.decode()}")


def check_contents(archive: str, folder: Path) -> None:
    """What a user looks for in each kind of archive."""
    names = [str(path.relative_to(folder)) for path in folder.rglob("*")]
    # A package for Debian has its licences in one file.
    wanted = ["copyright"] if archive.endswith(".deb") else ["LICENSE-MIT", "LICENSE-APACHE"]
    if archive.endswith(".json"):
        return
    if "-linux-" in archive and archive.endswith(".gz"):
        wanted += ["bin/justclick", "include/justclick.h", "include/justclick.hpp"]
        wanted += ["lib/libjustclick.a", "lib/libjustclick.so", "pkgconfig/justclick.pc"]
        wanted += ["justclick-config.cmake", "man3/justclick.3", "man1/justclick.1"]
        wanted += ["THIRD-PARTY-LICENSES.txt"]
    elif WINDOWS in archive:
        wanted += ["bin/justclick.dll", "bin/justclick.exe", "lib/libjustclick.dll.a"]
        wanted += ["include/justclick.h", "include/justclick.hpp", "pkgconfig/justclick.pc"]
        wanted += ["THIRD-PARTY-LICENSES.txt"]
    elif archive.endswith(".zip"):
        wanted += [f"lib/{platform}/libjustclick.so" for platform in PLATFORMS]
        wanted += ["composer.json", "preload.php", "src/Client.php", "THIRD-PARTY-LICENSES.txt"]
    elif archive.endswith(".whl"):
        wanted += ["scripts/justclick", "THIRD-PARTY-LICENSES.txt"]
    elif archive.endswith(".gz"):
        wanted += ["library/Cargo.lock", "library/src/lib.rs", "src/justclick/__init__.py"]
    elif archive.startswith("justclick_"):
        wanted += ["usr/bin/justclick", "man1/justclick.1.gz", "system/justclick-serve.service"]
    elif archive.startswith("libjustclick-dev"):
        wanted += ["include/justclick.h", "libjustclick.a", "pkgconfig/justclick.pc"]
    for name in wanted:
        expect(any(have.endswith(name) for have in names), f"{archive}: has no {name}")


def check_list(path: Path) -> None:
    """The list has the parts that run, and no others."""
    document = json.loads(path.read_text())
    expect(document.get("bomFormat") == "CycloneDX", f"{path.name}: is no CycloneDX")
    names = {component["name"] for component in document.get("components", [])}
    expect(
        {"rustls", "ring", "libsqlite3-sys", "sqlite", "hyper"} <= names,
        f"{path.name}: lacks a part",
    )
    extra = names & {"proptest", "cbindgen", "tempfile", "syn", "serde_derive"}
    expect(not extra, f"{path.name}: names {sorted(extra)}, which do not run")


def main() -> None:
    """Checks all files, and ends with 1 where there is a fault."""
    files, built, root = (Path(word) for word in sys.argv[1:4])
    manifest = (root / "Cargo.toml").read_text()
    found = re.search(r'^version = "(.*)"', manifest, re.MULTILINE)
    version = found[1] if found else ""
    header = (root / "include/justclick.h").read_text()
    functions = set(re.findall(r"^[a-z].*?\b(jc_\w+)\(", header, re.MULTILINE))
    secrets = secrets_of(root)

    names, expected = {path.name for path in files.iterdir()}, expected_names(version)
    expect(names <= expected, f"nobody expects {sorted(names - expected)}")
    expect(expected <= names, f"missing: {sorted(expected - names)}")
    for archive in sorted(files.iterdir()):
        with tempfile.TemporaryDirectory() as work:
            folder = Path(work) / "unpacked"
            unpack(archive, folder)
            check_binaries(archive.name, folder, built, functions)
            check_paths(archive.name, folder, secrets)
            check_contents(archive.name, folder)
        if archive.suffix == ".zip":
            size = archive.stat().st_size
            expect(size <= LARGEST_PACKAGE, f"{archive.name}: has {size} bytes")
        if archive.suffix == ".json":
            check_list(archive)

    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        sys.exit(f"{len(faults)} faults in what is shipped")
    print(f"{len(names)} files keep what they promise")


main()
