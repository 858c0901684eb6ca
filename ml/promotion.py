"""The one way into the registry: a model is registered, and becomes champion only if its gate has no objection."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import xgboost as xgb

from ml.registry import Record, Registry
from warehouse.core.reports import TableCount


@dataclass(frozen=True)
class Submission:
    """A trained model that is submitted for promotion.

    `booster` is None for a model without XGBoost. `write` puts its files into a folder: the model itself at the top,
    plots in a sub-folder; nothing is pickled. `objections` returns the reasons against promotion, given the folder of
    the champion's files or None.
    """

    name: str
    rows: int
    booster: xgb.Booster | None
    params: dict[str, str | int | float]
    metrics: dict[str, float]
    tags: dict[str, str]
    card: str
    headline: str
    write: Callable[[Path], None]
    objections: Callable[[Path | None], list[str]]


def submit(registry: Registry, submission: Submission) -> tuple[TableCount, list[str]]:
    """Register a model and promote it, or keep it as challenger with the reasons; returns counts and notes.

    If the files equal those of the champion, as with the same data, nothing is registered.
    """
    name = submission.name
    champion = registry.champion(name)
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        submission.write(folder)
        fingerprint = fingerprint_of(folder)
        if champion and champion.fingerprint == fingerprint:
            note = f"{name}: the same data gave the same model; version {champion.number} stays champion"
            return TableCount(name, submission.rows, submission.rows, status="unchanged"), [note]
        against = submission.objections(registry.folder(champion) if champion else None)
        verdict = f"Refused: {'; '.join(against)}." if against else "Promoted: it passed its gate."
        record = Record(
            submission.params,
            submission.metrics,
            submission.tags,
            f"{submission.card}\n## Verdict\n\n{verdict}\n",
            fingerprint,
        )
        version = registry.register(name, submission.booster, folder, record)
    if against:
        registry.refuse(version, "; ".join(against))
        stays = f"version {champion.number} stays champion" if champion else "there is no champion yet"
        note = f"{name}: version {version.number} refused, {stays}: {'; '.join(against)}"
        return TableCount(name, submission.rows, 0, submission.rows, "refused"), [note]
    registry.promote(version)
    note = f"{name}: version {version.number} is champion: {submission.headline}"
    return TableCount(name, submission.rows, submission.rows), [note]


def fingerprint_of(folder: Path) -> str:
    """SHA-256 over the files at the top of a folder: the model bit for bit."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.iterdir() if path.is_file()):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
