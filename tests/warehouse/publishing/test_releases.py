"""Which release readers see after a publish, a backfill, a rollback, and a publish after a rollback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warehouse.small_warehouse import build_warehouse, installation, night
from warehouse.core.errors import PublishError
from warehouse.core.settings import Settings
from warehouse.publishing.publish import publish
from warehouse.publishing.releases import current_release_id, list_releases, release_file, rollback


def run_night(settings: Settings, after: int, risk: float = 0.5) -> str:
    """Build and publish a night; returns the release made or found for it."""
    build_warehouse(settings, night(after), risk=risk)
    report = publish(settings, night(after))
    return report.notes[0].removeprefix("release ").split(":")[0]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return installation(tmp_path / "home", releases_kept=3)


def test_there_is_no_release_before_the_first_publish(settings: Settings) -> None:
    assert list_releases(settings) == []
    assert current_release_id(settings) is None
    with pytest.raises(PublishError, match="no release before the current one"):
        rollback(settings)


def test_releases_are_listed_newest_first_with_the_current_marked(settings: Settings) -> None:
    first, second = run_night(settings, 0), run_night(settings, 1)
    assert [(release.release_id, release.is_current) for release in list_releases(settings)] == [
        (second, True),
        (first, False),
    ]
    assert list_releases(settings)[0].model_versions == {"churn": "3"}
    assert list_releases(settings)[0].as_of == night(1)


def test_only_the_newest_nights_are_kept(settings: Settings) -> None:
    published = [run_night(settings, after) for after in range(5)]
    assert [release.release_id for release in list_releases(settings)] == published[:1:-1]
    folders = {folder.name for folder in (settings.serving / "releases").iterdir()}
    assert folders == set(published[2:])


def test_a_backfill_of_an_older_night_leaves_readers_on_the_newest(settings: Settings) -> None:
    newest = run_night(settings, 5)
    older = run_night(settings, 2)
    assert current_release_id(settings) == newest
    assert release_file(settings, older).exists()


def test_a_backfill_beyond_the_kept_nights_does_not_push_out_newer_ones(settings: Settings) -> None:
    newest = [run_night(settings, after) for after in (10, 11, 12)]
    backfilled = [run_night(settings, after) for after in (1, 2)]
    kept = [release.release_id for release in list_releases(settings)]
    assert kept == [*reversed(newest), backfilled[-1]]


def test_rolling_back_shows_the_night_before(settings: Settings) -> None:
    first, second = run_night(settings, 0), run_night(settings, 1)
    release = rollback(settings)
    assert (release.release_id, release.is_current, release.is_withdrawn) == (first, True, False)
    assert [(item.release_id, item.is_withdrawn) for item in list_releases(settings)] == [
        (second, True),
        (first, False),
    ]


def test_rolling_back_twice_shows_the_second_night_before(settings: Settings) -> None:
    first = run_night(settings, 0)
    run_night(settings, 1)
    run_night(settings, 2)
    rollback(settings)
    assert rollback(settings).release_id == first


def test_a_release_that_was_rolled_back_stays_withdrawn_when_its_night_is_repeated(settings: Settings) -> None:
    first, second = run_night(settings, 0), run_night(settings, 1)
    rollback(settings)
    assert run_night(settings, 1) == second
    assert current_release_id(settings) == first


def test_a_corrected_night_becomes_current_after_a_rollback(settings: Settings) -> None:
    run_night(settings, 0)
    run_night(settings, 1)
    rollback(settings)
    corrected = run_night(settings, 1, risk=0.7)
    assert current_release_id(settings) == corrected


def test_the_next_night_ends_a_rollback(settings: Settings) -> None:
    run_night(settings, 0)
    run_night(settings, 1)
    rollback(settings)
    assert run_night(settings, 2) == current_release_id(settings)


def test_rolling_forward_by_id_makes_a_withdrawn_release_current_again(settings: Settings) -> None:
    run_night(settings, 0)
    second = run_night(settings, 1)
    rollback(settings)
    assert rollback(settings, second).is_current
    assert not any(release.is_withdrawn for release in list_releases(settings))


def test_the_current_release_is_kept_however_old_it_is(settings: Settings) -> None:
    first, *later = (run_night(settings, number) for number in range(3))
    rollback(settings, first)
    settings = installation(settings.home, releases_kept=2)
    run_night(settings, 2)
    assert current_release_id(settings) == first
    assert [release.release_id for release in list_releases(settings)] == [later[1], later[0], first]


def test_an_unknown_release_is_refused_by_naming_those_there_are(settings: Settings) -> None:
    first = run_night(settings, 0)
    with pytest.raises(PublishError, match=f"no release '2020-01-01-x'; there are: {first}"):
        rollback(settings, "2020-01-01-x")
