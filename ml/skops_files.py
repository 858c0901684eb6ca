"""scikit-learn models as skops files: nothing is unpickled, and equal models give equal bytes."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import skops.io

from warehouse.core.errors import ModelError

_SCHEMA = "schema.json"
#: An attribute of scikit-learn models that holds a memory address.
_ADDRESS = "_stop_words_id"
_EARLIEST = (1980, 1, 1, 0, 0, 0)


def save(model: Any, file: Path) -> None:
    """Write a fitted model.

    skops names parts by their memory address and adds the time of writing; both are replaced here, so that equal models
    give equal files.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(model))) as dumped:
        schema = json.loads(dumped.read(_SCHEMA))
        parts = {name: dumped.read(name) for name in dumped.namelist() if name != _SCHEMA}
    numbers: dict[int, int] = {}
    names: dict[str, str] = {}
    _renumber(schema, numbers, names)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for old, new in sorted(names.items(), key=lambda item: item[1]):
            written.writestr(zipfile.ZipInfo(new, _EARLIEST), parts[old], zipfile.ZIP_DEFLATED)
        text = json.dumps(schema, sort_keys=True)
        written.writestr(zipfile.ZipInfo(_SCHEMA, _EARLIEST), text, zipfile.ZIP_DEFLATED)


def load(file: Path) -> Any:
    """Read a model that consists of types of scikit-learn, NumPy and SciPy only.

    Raises:
        ModelError: the file holds another type.
    """
    untrusted = skops.io.get_untrusted_types(file=file)
    if untrusted:
        raise ModelError(f"{file}: holds {', '.join(untrusted)}; a model file may hold types of scikit-learn only")
    return skops.io.load(file, trusted=[])


def _renumber(node: Any, numbers: dict[int, int], names: dict[str, str]) -> None:
    """Number the parts in the order of the schema, and name the array files by their numbers."""
    if isinstance(node, list):
        for item in node:
            _renumber(item, numbers, names)
        return
    if not isinstance(node, dict):
        return
    node.pop(_ADDRESS, None)
    if isinstance(node.get("__id__"), int):
        node["__id__"] = numbers.setdefault(node["__id__"], len(numbers))
    if isinstance(node.get("file"), str):
        numbered = f"{len(names):04d}{Path(node['file']).suffix}"
        node["file"] = names.setdefault(node["file"], numbered)
    for key in sorted(node):
        _renumber(node[key], numbers, names)
