"""How the library is found, and what is said where it is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import justclick
from justclick._platform import Platform

SIGN = """
import justclick
print("loaded" if justclick._loading._opened else "not loaded")
try:
    print(justclick.Client("username", "secret").sign({"rid": ["g"], "lead_email": "a@b.ru"}).body)
except justclick.LibraryNotUsable as error:
    print(error)
"""
GOOD = "not loaded\nb'rid%5B0%5D=g&lead_email=a%40b.ru&hash="
PACKAGE = Path(justclick.__file__).parent
#: Where the tests run.
PLATFORM = f"{os.uname().machine}-linux-gnu"
SYSTEM = "libjustclick.so.0"


@pytest.fixture
def library() -> Path:
    return Path(os.environ["JUSTCLICK_LIBRARY"]).resolve()


def sign(package: Path = PACKAGE, begin: str = "", **environment: str) -> str:
    command = [sys.executable, "-c", begin + SIGN]
    changed = {**os.environ, "PYTHONPATH": str(package.parent), **environment}
    ended = subprocess.run(command, env=changed, capture_output=True, text=True, check=True)
    return ended.stdout


def compile_other(path: Path, abi_version: int, *flags: str) -> Path:
    source = Path(__file__).with_name("other_library.c")
    define = f"-DABI_VERSION={abi_version}"
    path.parent.mkdir(parents=True, exist_ok=True)
    command = ["cc", "-shared", "-fPIC", define, str(source), "-o", str(path), *flags]
    subprocess.run(command, check=True)
    return path


def test_windows_is_asked_for_nothing_that_it_has_not(library: Path) -> None:
    begin = "import asyncio, os, sys; del os.register_at_fork; sys.platform = 'win32'\n"
    assert sign(begin=begin, JUSTCLICK_LIBRARY=str(library)).startswith(GOOD)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, without a library in it."""
    copy = tmp_path / "copy" / "justclick"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    return copy


def test_a_library_that_is_named_is_the_only_one(library: Path, package: Path) -> None:
    (package / "libjustclick.so").symlink_to(library)
    assert sign(package, JUSTCLICK_LIBRARY=str(library)).startswith(GOOD)
    said = sign(package, JUSTCLICK_LIBRARY="/no/such.so")
    assert "not found" in said
    assert "/no/such.so" in said
    assert "libjustclick" not in said


def test_the_library_in_the_package_comes_before_the_system_s(
    library: Path, package: Path, tmp_path: Path
) -> None:
    (package / "libjustclick.so").symlink_to(library)
    compile_other(tmp_path / "libjustclick.so.0", 7)
    assert sign(package, JUSTCLICK_LIBRARY="", LD_LIBRARY_PATH=str(tmp_path)).startswith(GOOD)


def test_the_package_may_have_a_library_for_each_platform(
    library: Path, package: Path, tmp_path: Path
) -> None:
    for platform in ("aarch64-linux-gnu", "x86_64-linux-musl", PLATFORM):
        (package / "lib" / platform).mkdir(parents=True)
        (package / "lib" / platform / "libjustclick.so").write_text("of another machine")
    own = package / "lib" / PLATFORM / "libjustclick.so"
    own.unlink()
    own.symlink_to(library)
    compile_other(tmp_path / "libjustclick.so.0", 7)
    assert sign(package, JUSTCLICK_LIBRARY="", LD_LIBRARY_PATH=str(tmp_path)).startswith(GOOD)


def test_what_was_built_into_the_package_comes_first(library: Path, package: Path) -> None:
    compile_other(package / "lib" / PLATFORM / "libjustclick.so", 7)
    (package / "libjustclick.so").symlink_to(library)
    assert sign(package, JUSTCLICK_LIBRARY="").startswith(GOOD)


def test_a_package_for_others_is_told_with_whom_it_is_for(package: Path) -> None:
    (package / "lib/aarch64-linux-gnu").mkdir(parents=True)
    (package / "lib/x86_64-linux-musl").mkdir()
    said = sign(package, JUSTCLICK_LIBRARY="")
    assert f"{package}/lib/{PLATFORM}/libjustclick.so: cannot open" in said
    others = "the package has the library for aarch64-linux-gnu, x86_64-linux-musl"
    assert f"This Python is {PLATFORM}, and {others}. " in said


@pytest.mark.parametrize(
    ("platform", "name", "file", "installed"),
    [
        (("x86_64", 64, "linux", "gnu"), "x86_64-linux-gnu", "libjustclick.so", SYSTEM),
        (("aarch64", 64, "linux", "musl"), "aarch64-linux-musl", "libjustclick.so", SYSTEM),
        (("x86_64", 64, "freebsd14", ""), "x86_64-freebsd14", "libjustclick.so", SYSTEM),
        (("x86_64", 64, "win32", ""), "x86_64-windows", "justclick.dll", "justclick.dll"),
        (
            ("aarch64", 64, "darwin", ""),
            "aarch64-macos",
            "libjustclick.dylib",
            "libjustclick.dylib",
        ),
    ],
)
def test_what_a_library_is_called(
    platform: tuple[str, int, str, str], name: str, file: str, installed: str
) -> None:
    its = Platform(*platform)
    assert (its.name, its.file, its.installed) == (name, file, installed)


@pytest.mark.parametrize("name", ["libc.so", "libc.musl-x86_64.so.1"])
def test_a_library_for_another_libc_is_told_as_that(tmp_path: Path, name: str) -> None:
    """By the names that zig and Debian, and that Alpine give musl."""
    libc = compile_other(tmp_path / name, 0, "-nostdlib", f"-Wl,-soname,{name}")
    other = compile_other(
        tmp_path / "libjustclick.so", 0, "-nostdlib", "-Wl,--no-as-needed", str(libc)
    )
    said = sign(JUSTCLICK_LIBRARY=str(other))
    why = "was built for another system library (libc) than this machine's"
    assert f"{other}: {why}: it needs musl, and this Python runs with gnu. " in said
    assert "Alpine has musl" in said


def test_a_library_that_needs_another_libc_as_well_is_told_by_the_system_s_words(
    tmp_path: Path,
) -> None:
    name = "libc.musl-x86_64.so.1"
    libc = compile_other(tmp_path / name, 0, f"-Wl,-soname,{name}")
    other = compile_other(tmp_path / "libjustclick.so", 0, "-Wl,--no-as-needed", "-lc", str(libc))
    libc.unlink()
    said = sign(JUSTCLICK_LIBRARY=str(other))
    assert f"another system library (libc) than this machine's: {name}: cannot open" in said


def test_a_library_for_another_machine_is_told_as_that(library: Path, tmp_path: Path) -> None:
    other = tmp_path / "libjustclick.so"
    shutil.copy(library, other)
    with other.open("r+b") as file:
        file.seek(18)
        file.write(b"\xb7\x00")
    said = sign(JUSTCLICK_LIBRARY=str(other))
    assert (
        f"{other}: is for another machine: it is for aarch64, 64 bits, and this Python for" in said
    )


def test_a_library_for_a_newer_system_is_told_as_that(library: Path, tmp_path: Path) -> None:
    other = tmp_path / "libjustclick.so"
    other.write_bytes(library.read_bytes().replace(b"GLIBC_2.34", b"GLIBC_9.99"))
    said = sign(JUSTCLICK_LIBRARY=str(other))
    assert f"{other}: needs a newer system library (GLIBC_9.99) than this machine's" in said


def test_a_library_that_is_cut_off_is_told_as_that(library: Path, tmp_path: Path) -> None:
    other = tmp_path / "libjustclick.so"
    whole = library.read_bytes()
    for length in (len(whole) - 1, len(whole) // 2, 4096):
        other.write_bytes(whole[:length])
        cut = f"{other}: is cut off: it has {length} bytes of {len(whole)}. Copy it again"
        assert cut in sign(JUSTCLICK_LIBRARY=str(other))
    for length, told in ((200, "is cut off. "), (64, "is cut off. "), (20, "file too short")):
        other.write_bytes(whole[:length])
        assert f"{other}: {told}" in sign(JUSTCLICK_LIBRARY=str(other))


def test_the_system_s_library_is_the_last(library: Path, package: Path, tmp_path: Path) -> None:
    (tmp_path / "libjustclick.so.0").symlink_to(library)
    assert sign(package, JUSTCLICK_LIBRARY="", LD_LIBRARY_PATH=str(tmp_path)).startswith(GOOD)


def test_every_place_is_named_where_there_is_none(package: Path, tmp_path: Path) -> None:
    (package / "libjustclick.so").write_text("no library")
    said = sign(package, JUSTCLICK_LIBRARY="", LD_LIBRARY_PATH=str(tmp_path))
    assert f"{package}/libjustclick.so: " in said
    assert "invalid ELF header" in said or "file too short" in said
    assert "libjustclick.so.0: cannot open" in said
    assert "JUSTCLICK_LIBRARY" in said


def test_another_version_is_told_with_both_numbers_and_the_path(
    package: Path, tmp_path: Path
) -> None:
    other = compile_other(tmp_path / "libjustclick.so.0", 7)
    for environment in (
        {"JUSTCLICK_LIBRARY": str(other)},
        {"JUSTCLICK_LIBRARY": "", "LD_LIBRARY_PATH": str(tmp_path)},
    ):
        said = sign(package, **environment)
        assert f"{other} is version 9.8.7 with the interface 7" in said
        assert "this package is version 0.1.0 with the interface 0" in said


def test_a_library_that_lacks_a_function_is_told_as_too_old(tmp_path: Path) -> None:
    other = compile_other(tmp_path / "libjustclick.so", 0)
    said = sign(JUSTCLICK_LIBRARY=str(other))
    assert f"{other} is version 9.8.7, which is too old: " in said
    assert "undefined symbol: jc_" in said


def test_what_is_another_library_is_told_as_that() -> None:
    assert "libc.so.6 is not the justclick library" in sign(JUSTCLICK_LIBRARY="libc.so.6")
