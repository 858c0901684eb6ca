"""Published releases: listing them, switching readers, rolling back, removing old ones.

A release is a folder `serving/releases/<release_id>/` with the database and `release.json`. It never changes once it is
complete. `serving/customer_360.duckdb` is a link to the newest release that is not withdrawn, by (`as_of`,
`published_at`). So a backfill of an older night does not move readers, and publishing a night again moves them to its
newer version. A rollback withdraws the releases newer than its target; the next newer night ends it.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path

from warehouse.core.atomic import switch_link, write_json
from warehouse.core.errors import PublishError
from warehouse.core.home import claim
from warehouse.core.settings import Settings

DATABASE = "customer_360.duckdb"
_WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Release:
    """One complete release; `published_at` is naive UTC, `row_count` is over all tables."""

    release_id: str
    as_of: date
    published_at: datetime
    code_version: str
    model_versions: dict[str, str]
    table_count: int
    row_count: int
    fingerprint: str
    is_current: bool = False
    is_withdrawn: bool = False


def releases_folder(settings: Settings) -> Path:
    return settings.serving / "releases"


def release_file(settings: Settings, release_id: str) -> Path:
    """The database of a release."""
    return releases_folder(settings) / release_id / DATABASE


def list_releases(settings: Settings) -> list[Release]:
    """All complete releases, newest first; the folder of a killed publish has no database and does not count."""
    current = current_release_id(settings)
    folders = [path.parent for path in releases_folder(settings).glob(f"*/{DATABASE}")]
    return sorted((_read(folder, current) for folder in folders), key=_age, reverse=True)


def current_release_id(settings: Settings) -> str | None:
    """The release that readers see, or None before the first publish."""
    link = settings.serving / DATABASE
    return link.readlink().parent.name if link.is_symlink() else None


def rollback(settings: Settings, release_id: str | None = None) -> Release:
    """Switch readers to a release: the given one, or the one before the current.

    Newer releases are withdrawn. Publishing the same contents again does not bring them back; publishing other contents
    does, and so does naming their id here.

    Raises:
        PublishError: there is no such release, or none before the current one.
    """
    with claim(settings):
        releases = list_releases(settings)
        target = _find(releases, release_id) if release_id else _previous(releases)
        for release in releases:
            marker = releases_folder(settings) / release.release_id / _WITHDRAWN
            if _age(release) > _age(target):
                marker.touch()
            elif release.release_id == target.release_id:
                marker.unlink(missing_ok=True)
        switch(settings)
        return _find(list_releases(settings), target.release_id)


def switch(settings: Settings) -> str:
    """Point the link at the newest release that is not withdrawn, in one step; returns its id."""
    newest = next((release for release in list_releases(settings) if not release.is_withdrawn), None)
    if newest is None:
        raise PublishError("every release is withdrawn; choose one with `rapport rollback <release_id>`")
    if newest.is_current:
        return newest.release_id
    switch_link(settings.serving / DATABASE, Path("releases") / newest.release_id / DATABASE)
    return newest.release_id


def prune(settings: Settings, keep: str) -> list[str]:
    """Remove all releases but the `releases_kept` newest, the current and `keep`; and folders of killed publishes."""
    releases = list_releases(settings)
    kept = {release.release_id for release in releases[: settings.config.releases_kept]} | {keep}
    kept |= {release.release_id for release in releases if release.is_current}
    removed = [folder for folder in releases_folder(settings).iterdir() if folder.name not in kept]
    for folder in removed:
        (folder / DATABASE).unlink(missing_ok=True)  # first, so that a partly removed folder is no release
        shutil.rmtree(folder)
    return sorted(folder.name for folder in removed)


def write_description(folder: Path, release: Release) -> None:
    """Write `release.json`; it comes before the database, whose name makes the release complete."""
    fields = {key: value for key, value in asdict(release).items() if not key.startswith("is_")}
    write_json(folder / "release.json", fields, indent=1)


def _read(folder: Path, current: str | None) -> Release:
    fields = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    fields["as_of"] = date.fromisoformat(fields["as_of"])
    fields["published_at"] = datetime.fromisoformat(fields["published_at"])
    return Release(**fields, is_current=folder.name == current, is_withdrawn=(folder / _WITHDRAWN).exists())


def _age(release: Release) -> tuple[date, datetime]:
    return release.as_of, release.published_at


def _find(releases: list[Release], release_id: str) -> Release:
    for release in releases:
        if release.release_id == release_id:
            return release
    known = ", ".join(release.release_id for release in releases) or "none"
    raise PublishError(f"no release '{release_id}'; there are: {known} (see `rapport releases`)")


def _previous(releases: list[Release]) -> Release:
    current = next((release for release in releases if release.is_current), None)
    older = [release for release in releases if current and _age(release) < _age(current)]
    if not older:
        raise PublishError("there is no release before the current one to go back to; see `rapport releases`")
    return older[0]
