"""How the library is found, and what is said where it is not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import justclick

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


@pytest.fixture
def library() -> Path:
    return Path(os.environ["JUSTCLICK_LIBRARY"]).resolve()


def sign(package: Path = PACKAGE, **environment: str) -> str:
    command = [sys.executable, "-c", SIGN]
    changed = {**os.environ, "PYTHONPATH": str(package.parent), **environment}
    ended = subprocess.run(command, env=changed, capture_output=True, text=True, check=True)
    return ended.stdout


def compile_other(path: Path, abi_version: int) -> Path:
    source = Path(__file__).with_name("other_library.c")
    define = f"-DABI_VERSION={abi_version}"
    subprocess.run(["cc", "-shared", "-fPIC", define, str(source), "-o", str(path)], check=True)
    return path


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
