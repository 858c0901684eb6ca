"""Files that are on disk whole or not at all, whatever moment the process is killed at.

A file is written under a temporary name beside its target, flushed to disk, and renamed; then the folder is flushed.
The temporary name begins with a dot and ends in `.tmp`, so no glob over the lake finds it. A killed write leaves it
behind; the next write of the same target overwrites it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def atomic_file(target: Path) -> Iterator[Path]:
    """Yield a temporary path to write to; it replaces `target` at the end of the block, and is removed on an error.

    Use it for files that another library writes. Folders above `target` are created.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        yield temporary
        sync(temporary)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync(target.parent)


def write_bytes(target: Path, content: bytes) -> None:
    """Write a file whole."""
    with atomic_file(target) as temporary:
        temporary.write_bytes(content)


def write_text(target: Path, text: str) -> None:
    """Write a UTF-8 file whole."""
    write_bytes(target, text.encode("utf-8"))


def write_json(target: Path, content: Any, *, indent: int | None = None, sort_keys: bool = False) -> None:
    """Write a JSON file whole; values that JSON has no type for (dates, paths) become text."""
    write_text(target, json.dumps(content, ensure_ascii=False, indent=indent, sort_keys=sort_keys, default=str))


def switch_link(link: Path, to: Path) -> None:
    """Point a symbolic link to another place in one step."""
    temporary = link.with_name(f".{link.name}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(to)
    temporary.replace(link)
    sync(link.parent)


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
