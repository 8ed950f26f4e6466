"""Writes what says whose work is shipped: `papers.py ROOT LICENCES SBOM`.

LICENCES gets the texts of others' licences, and SBOM the list of the parts, in CycloneDX. Both are
of what runs on one of the targets of deny.toml, not of what builds and tests.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import tomllib
from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from license_expression import (  # type: ignore[import-untyped]
    LicenseExpression,
    get_spdx_licensing,
)
from packageurl import PackageURL

SPDX = get_spdx_licensing()
NAMES = ("LICEN", "UNLICEN", "COPYING", "COPYRIGHT", "NOTICE")
HEAD = """\
The library and the command contain the work of others, under the licences below. SQLite, which is
in the public domain, comes with libsqlite3-sys. Rust's standard library is under MIT or Apache-2.0;
what zig adds is LLVM's libunwind and compiler-rt (Apache-2.0 WITH LLVM-exception) and, in the
command, musl (MIT). For Windows mingw-w64 adds its runtime (public domain and ZPL-2.1), and GCC its
libgcc (GPL-3.0 WITH GCC-exception-3.1).
"""


def cargo(root: Path, *words: str) -> str:
    """What cargo says of the project with all its features."""
    name, *options = words
    command = ["cargo", name, "--quiet", "--locked", "--manifest-path", str(root / "Cargo.toml")]
    return subprocess.run(
        [*command, "--features", "cli", *options], check=True, capture_output=True, encoding="utf-8"
    ).stdout


def running(root: Path, triples: list[str]) -> set[tuple[str, str]]:
    """The names and versions of what runs."""
    edges = ("--edges", "normal,no-proc-macro", "--prefix", "none")
    lines = [
        line.split()
        for triple in triples
        for line in cargo(root, "tree", "--target", triple, *edges).splitlines()
    ]
    return {(words[0], words[1].removeprefix("v")) for words in lines if words}


def parsed(package: dict[str, Any]) -> LicenseExpression:
    """Its licences; before SPDX a slash stood for an "or"."""
    return SPDX.parse((package["license"] or "").replace("/", " OR "), validate=True)


def is_met(expression: LicenseExpression, allowed: list[str]) -> bool:
    """Whether one can do with the licences that are allowed."""
    if isinstance(expression, SPDX.OR):
        return any(is_met(choice, allowed) for choice in expression.args)
    if isinstance(expression, SPDX.AND):
        return all(is_met(part, allowed) for part in expression.args)
    return str(expression) in allowed


def texts(package: dict[str, Any], apache: Path) -> list[str]:
    """The licences that it brings, or else the one that all bring alike."""
    folder = Path(package["manifest_path"]).parent
    files = [
        path
        for pattern in ("*", "*/*")
        for path in sorted(folder.glob(pattern))
        if path.name.upper().startswith(NAMES) and path.suffix != ".rs" and path.is_file()
    ]
    if not files and is_met(parsed(package), ["Apache-2.0"]):
        files = [apache]
    if not files:
        sys.exit(f"{package['name']} {package['version']}: has no file with its licence")
    return [path.read_text("utf-8").strip() for path in files]


def licences(packages: list[dict[str, Any]], apache: Path) -> str:
    """Each text once, below those who are under it."""
    users: dict[str, tuple[str, list[str]]] = {}
    for package in packages:
        line = f"  {package['name']} {package['version']}, {package['license']}"
        if package["repository"]:
            line += f", {package['repository']}"
        for text in texts(package, apache):
            lines = users.setdefault(" ".join(text.split()), (text, []))[1]
            if line not in lines:
                lines.append(line)
    told = [
        f"\n{'=' * 80}\n" + "\n".join(lines) + f"\n{'-' * 80}\n{text}\n"
        for text, lines in users.values()
    ]
    return HEAD + "".join(told)


def component(package: dict[str, Any], checksums: dict[tuple[str, str], str]) -> Component:
    """A crate as a part of the list."""
    name, version = package["name"], package["version"]
    url = PackageURL("cargo", name=name, version=version)
    checksum = checksums.get((name, version))
    repository = package["repository"]
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=version,
        description=package["description"],
        bom_ref=str(url),
        purl=url,
        licenses=[LicenseFactory().make_from_string(str(parsed(package)))],
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=checksum)] if checksum else None,
        external_references=[
            ExternalReference(type=ExternalReferenceType.VCS, url=XsUri(repository))
        ]
        if repository
        else None,
    )


def sqlite(package: dict[str, Any]) -> Component:
    """SQLite, which this package brings: its faults are told under its own name."""
    header = Path(package["manifest_path"]).parent / "sqlite3/sqlite3.h"
    found = re.search(r'#define SQLITE_VERSION +"(.*)"', header.read_text("utf-8"))
    if not found:
        sys.exit(f"{header}: says no version")
    url = PackageURL("generic", name="sqlite", version=found[1])
    return Component(
        type=ComponentType.LIBRARY,
        name="sqlite",
        version=found[1],
        bom_ref=str(url),
        purl=url,
        licenses=[LicenseFactory().make_with_id("blessing")],
    )


def sbom(root: Path, metadata: dict[str, Any], packages: list[dict[str, Any]]) -> str:
    """The list, in which the time is that of the sources."""
    locked = tomllib.loads((root / "Cargo.lock").read_text("utf-8"))["package"]
    checksums = {(one["name"], one["version"]): one.get("checksum", "") for one in locked}
    parts = {package["id"]: component(package, checksums) for package in packages}
    uses = {
        node["id"]: [
            parts[other["pkg"]]
            for other in node["deps"]
            if other["pkg"] in parts and any(kind["kind"] is None for kind in other["dep_kinds"])
        ]
        for node in metadata["resolve"]["nodes"]
    }
    for package in packages:
        if package["name"] == "libsqlite3-sys":
            parts["sqlite"] = sqlite(package)
            uses[package["id"]].append(parts["sqlite"])
    bom = Bom()
    for identifier, part in parts.items():
        bom.register_dependency(part, uses.get(identifier))
    whole = parts.pop(metadata["resolve"]["root"])
    bom.components.update(parts.values())
    bom.serial_number = uuid5(NAMESPACE_URL, str(whole.purl))
    bom.metadata.component = whole
    bom.metadata.timestamp = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    return JsonV1Dot6(bom).output_as_string(indent=1) + "\n"


def main() -> None:
    """Writes both, and refuses a licence that deny.toml does not permit."""
    root, papers, listing = (Path(word) for word in sys.argv[1:4])
    permitted = tomllib.loads((root / "deny.toml").read_text("utf-8"))
    runs = running(root, permitted["graph"]["targets"])
    metadata = json.loads(cargo(root, "metadata", "--format-version", "1"))
    packages = sorted(
        (one for one in metadata["packages"] if (one["name"], one["version"]) in runs),
        key=lambda one: (one["name"], one["version"]),
    )
    for package in packages:
        if not is_met(parsed(package), permitted["licenses"]["allow"]):
            sys.exit(f"{package['name']}: deny.toml does not permit {package['license']}")
    others = [package for package in packages if package["id"] != metadata["resolve"]["root"]]
    papers.write_text(licences(others, root / "LICENSE-APACHE"), "utf-8")
    listing.write_text(sbom(root, metadata, packages), "utf-8")


main()
