"""Keeps of a list of parts, in CycloneDX, those that run: `parts.py LIST ROOT <TREE >SHORTER`.

TREE is what `cargo tree` says without what builds and without macros, a crate on each line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """Writes the shorter list, in which the project is not named by its folder."""
    path, root = sys.argv[1:3]
    runs = {tuple(line.split()[:2]) for line in sys.stdin if line.strip()}
    text = Path(path).read_text("utf-8").replace(f"path+file://{root}", "justclick")
    document = json.loads(text)
    document["components"] = [
        part for part in document["components"] if (part["name"], f"v{part['version']}") in runs
    ]
    kept = {part["bom-ref"] for part in document["components"]}
    kept.add(document["metadata"]["component"]["bom-ref"])
    document["dependencies"] = [
        {**one, "dependsOn": [ref for ref in one.get("dependsOn", []) if ref in kept]}
        for one in document["dependencies"]
        if one["ref"] in kept
    ]
    json.dump(document, sys.stdout, indent=1, sort_keys=True)


main()
