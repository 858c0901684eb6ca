"""`make evaluate`: every evaluation on real data in one run; writes `docs/models.md`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import tempfile
import time
from pathlib import Path

from tests import evaluations
from tests.evaluations import Evaluation
from warehouse.core.settings import PROJECT

INTRODUCTION = """# What the models are worth

Written by `make evaluate`. Each figure was measured in one run, on real data that is not part of the project, beside
other methods on the same rows. Intervals are 95 %.
"""


def main() -> None:
    """Run the evaluations named on the command line, or all; only a full run writes the page."""
    names = sorted(module.name for module in pkgutil.iter_modules(evaluations.__path__) if module.name != "__main__")
    parts: list[str] = [INTRODUCTION]
    with tempfile.TemporaryDirectory(prefix="rapport-evaluate-") as folder:
        for name in sys.argv[1:] or names:
            started = time.monotonic()
            found: Evaluation = importlib.import_module(f"tests.evaluations.{name}").evaluate(Path(folder) / name)
            sys.stdout.write(f"{found.title} ({time.monotonic() - started:.0f} s)\n\n{found.text}\n\n")
            sys.stdout.flush()
            parts.append(f"## {found.title}\n\n{found.text.strip()}\n")
    if not sys.argv[1:]:
        (PROJECT / "docs" / "models.md").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
