"""The archives that users install, each in a fresh environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from conftest import ROOT, SECRET, Sandbox

PACKAGE = ROOT / "bindings/python"
GLIBC = "2.17"
#: What is built from the sources here is thrown away, so it need not be fast or small.
QUICK = {
    "CARGO_PROFILE_RELEASE_CODEGEN_UNITS": "16",
    "CARGO_PROFILE_RELEASE_LTO": "off",
    "CARGO_PROFILE_RELEASE_OPT_LEVEL": "0",
    "CFLAGS": "-O0",
}


def call(*command: object, **environment: str) -> str:
    words = [str(word) for word in command]
    changed = {**os.environ, **environment}
    ended = subprocess.run(words, env=changed, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = ("-m", "build", "--wheel", "--no-isolation", "--outdir")
    call(sys.executable, *build, folder, PACKAGE, **QUICK, JUSTCLICK_GLIBC=GLIBC)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="session")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    call(sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir", folder, PACKAGE)
    return next(folder.glob("*.tar.gz"))


def new_environment(folder: Path) -> Path:
    """Its Python."""
    venv.create(folder, with_pip=True, symlinks=True)
    return folder / "bin/python"


def adds_a_lead(python: Path, sandbox: Sandbox, path: str) -> None:
    """With the library of the package alone."""
    environment = {name: value for name, value in os.environ.items() if "JUSTCLICK" not in name}
    environment.pop("PYTHONPATH", None)
    environment |= {
        "PATH": path,
        "JUSTCLICK_USERNAME": "username",
        "JUSTCLICK_SECRET": SECRET,
        "JUSTCLICK_BASE_URL": sandbox.url,
        "JUSTCLICK_CA_FILE": str(sandbox.ca_file),
    }
    program = ROOT / "examples/python/add_lead.py"
    ended = subprocess.run(
        [python, program], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.stdout.startswith("activation sent (code 0: "), ended.stderr
    assert sandbox.emails() == ["lead@email.com"]


def test_the_wheel_is_for_every_python_and_an_old_glibc(wheel: Path, tmp_path: Path) -> None:
    tag = f"py3-none-manylinux_{GLIBC.replace('.', '_')}_{os.uname().machine}"
    assert wheel.name == f"justclick-0.1.0-{tag}.whl"
    shutil.unpack_archive(wheel, tmp_path, "zip")
    library = tmp_path / "justclick/libjustclick.so"
    needed = {
        tuple(map(int, version.split(".")))
        for version in re.findall(r"GLIBC_([0-9.]+)", call("objdump", "-T", library))
    }
    assert needed
    assert max(needed) <= tuple(map(int, GLIBC.split(".")))
    linked = call("readelf", "-d", library)
    assert "soname: [libjustclick.so.0]" in linked
    assert "NODELETE" in linked
    shown = " ".join(call(sys.executable, "-m", "auditwheel", "show", wheel).split())
    # The tag alone would be found in the file's name, which is shown too.
    assert f'platform tag: "{tag.rpartition("-")[2]}"' in shown, shown
    names = {path.name for path in (tmp_path / "justclick").iterdir()}
    assert {"py.typed", "__init__.py", "_native.py", "libjustclick.so"} <= names
    licences = {path.name for path in tmp_path.glob("justclick-*.dist-info/licenses/*")}
    assert licences == {"LICENSE-MIT", "LICENSE-APACHE"}


@pytest.mark.parametrize(
    ("platform", "tag"),
    [
        ("x86_64-linux-gnu", "manylinux_2_17_x86_64"),
        ("aarch64-linux-musl", "musllinux_1_2_aarch64"),
    ],
)
def test_a_wheel_of_what_was_built_already(tmp_path: Path, platform: str, tag: str) -> None:
    built = tmp_path / platform
    built.mkdir()
    (built / "libjustclick.so").write_text("the library")
    (built / "justclick").write_text("the command")
    (built / "THIRD-PARTY-LICENSES.txt").write_text("the licences")
    wheels = []
    for folder in (tmp_path / "once", tmp_path / "twice"):
        build = ("-m", "build", "--wheel", "--no-isolation", "--outdir")
        environment = {"JUSTCLICK_BUILT": str(built), "SOURCE_DATE_EPOCH": "1700000000"}
        call(sys.executable, *build, folder, PACKAGE, **environment)
        wheels.append(folder / f"justclick-0.1.0-py3-none-{tag}.whl")
    assert wheels[0].read_bytes() == wheels[1].read_bytes()
    shutil.unpack_archive(wheels[0], tmp_path, "zip")
    lib = tmp_path / "justclick/lib"
    assert (lib / platform / "libjustclick.so").read_text() == "the library"
    assert (lib / "THIRD-PARTY-LICENSES.txt").read_text() == "the licences"
    assert not (lib.parent / "libjustclick.so").exists()
    scripts = tmp_path / "justclick-0.1.0.data/scripts"
    assert (scripts / "justclick").read_text() == "the command"


def test_an_index_would_take_the_archives(wheel: Path, sdist: Path) -> None:
    call(sys.executable, "-m", "twine", "check", "--strict", wheel, sdist)


def test_the_licences_are_the_project_s() -> None:
    """Copies, since an archive of Python's takes no file from above its folder as a licence."""
    for name in ("LICENSE-MIT", "LICENSE-APACHE"):
        assert (PACKAGE / name).read_bytes() == (ROOT / name).read_bytes()


def test_the_wheel_works_where_there_is_no_rust(
    wheel: Path, tmp_path: Path, encrypted: Sandbox
) -> None:
    python = new_environment(tmp_path / "fresh")
    path = str(python.parent)
    assert shutil.which("cargo", path=path) is None
    call(python, "-m", "pip", "install", "--no-index", wheel, PATH=path)
    adds_a_lead(python, encrypted, path)


def test_the_archive_of_the_sources_builds_by_itself(
    sdist: Path, tmp_path: Path, encrypted: Sandbox
) -> None:
    python = new_environment(tmp_path / "fresh")
    call(python, "-m", "pip", "install", sdist, **QUICK)
    adds_a_lead(python, encrypted, os.environ["PATH"])
    # As in the repository, SQLite has nothing that the outbox has no use for.
    library = next(tmp_path.glob("fresh/lib/*/site-packages/justclick/libjustclick.so"))
    assert b"fts5" not in library.read_bytes()


def test_the_folder_in_the_repository_can_be_installed(tmp_path: Path, encrypted: Sandbox) -> None:
    python = new_environment(tmp_path / "fresh")
    call(python, "-m", "pip", "install", PACKAGE, **QUICK)
    adds_a_lead(python, encrypted, os.environ["PATH"])
