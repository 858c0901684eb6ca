"""The same options give the same company; a day can be added to it."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from demo import DEFAULT_AS_OF, generate, has_company
from demo.sinks import SqliteDatabase
from demo.tables import COLUMNS, CRM
from tests.demo.sources import Sources, settings_of
from warehouse.core.errors import ConfigurationError, SourceError


def make(home: Path, days: int = 40, end: date = DEFAULT_AS_OF, seed: int = 5, language: str = "mixed") -> Sources:
    generate(settings_of(home), customers=120, days=days, seed=seed, end=end, language=language, defect_rate=0.1)
    return Sources(home)


def everything(company: Sources) -> dict[str, object]:
    return {**company.files(), **{table: company.table(table).values.tolist() for table in CRM}}


def test_same_seed_gives_the_same_company(tmp_path: Path) -> None:
    assert everything(make(tmp_path / "one")) == everything(make(tmp_path / "two"))


def test_another_seed_gives_another_company(tmp_path: Path) -> None:
    one, two = make(tmp_path / "one"), make(tmp_path / "two", seed=6)
    assert one.table("order_lines").values.tolist() != two.table("order_lines").values.tolist()
    assert set(one.table("contracts")["plan"]) == set(two.table("contracts")["plan"])


def test_days_added_one_at_a_time_equal_days_generated_at_once(tmp_path: Path) -> None:
    at_once = make(tmp_path / "once", days=40)
    daily = make(tmp_path / "daily", days=38, end=date(2026, 10, 30))
    for day in (date(2026, 10, 30), date(2026, 10, 31)):
        generate(settings_of(daily.home), append_day=day)
    assert everything(daily) == everything(at_once)


def test_adding_an_existing_day_adds_nothing(tmp_path: Path) -> None:
    company = make(tmp_path)
    before = everything(company)
    report = generate(settings_of(tmp_path), append_day=date(2026, 10, 31))
    assert everything(company) == before
    assert report.notes == ("2026-10-31 is already there; nothing added",)


def test_adding_a_day_leaves_everything_recorded_before_as_it_was(tmp_path: Path) -> None:
    company = make(tmp_path)
    before = everything(company)
    generate(settings_of(tmp_path), append_day=date(2026, 11, 1))
    after = everything(company)
    for name, content in before.items():
        if not name.startswith("truth/"):
            assert after[name][: len(content)] == content, name  # type: ignore[index, arg-type]
    added = company.table("usage_daily")["recorded_at"].tolist()[len(before["usage_daily"]) :]  # type: ignore[arg-type]
    assert {stamp[:10] for stamp in added} == {"2026-11-01"}


def test_every_row_reached_its_source_before_the_first_night(demo: Sources) -> None:
    for table, column in {"accounts": "updated_at", "contracts": "updated_at", "order_lines": "updated_at",
                          "usage_daily": "recorded_at", "contacts": "recorded_at", "points_ledger": "entry_at",
                          "retention_actions": "updated_at", "staff": "updated_at"}.items():  # fmt: skip
        assert demo.table(table)[column].max() < "2026-11-01", table


def test_files_of_a_day_hold_only_what_was_recorded_that_day(demo: Sources) -> None:
    for path in (demo.demo / "surveys").glob("responses_*.csv"):
        recorded = re.findall(r"(\d{4}-\d\d-\d\d) [\d:]{8}\s*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert set(recorded) <= {path.stem.removeprefix("responses_")}
    for path in (demo.demo / "tickets").glob("*/tickets_*.jsonl"):
        stamps = [json.loads(line)["updated_at"][:10] for line in path.read_text(encoding="utf-8").splitlines()]
        assert set(stamps) == {path.parent.name}


def test_tickets_are_paged_by_a_thousand(tmp_path: Path) -> None:
    from numpy import arange

    from demo.files import write_pages

    write_pages(tmp_path, "tickets", {"ticket_id": arange(2_001)})
    lengths = {path.name: len(path.read_text().splitlines()) for path in tmp_path.iterdir()}
    assert lengths == {"tickets_001.jsonl": 1_000, "tickets_002.jsonl": 1_000, "tickets_003.jsonl": 1}


@pytest.mark.parametrize(("language", "expected"), [("en", {"en"}), ("zh", {"zh"}), ("mixed", {"en", "zh"})])
def test_the_language_option_sets_the_language_of_customers_and_texts(
    tmp_path: Path, language: str, expected: set[str]
) -> None:
    company = make(tmp_path, language=language)
    assert set(company.table("accounts")["language"]) == expected
    texts = "".join(company.table("tickets")["text"])
    assert ("zh" in expected) == bool(re.search("[\u4e00-\u9fff]", texts))
    assert ("en" in expected) == bool(re.search("[a-z]{4}", texts))


def test_columns_are_those_the_configuration_maps(demo: Sources) -> None:
    config = settings_of(demo.home).config
    for source, mapped in config.sources.items():
        for table, mapping in mapped.tables.items():
            name = mapping.source.split("/")[-1].split("_{date}")[0].split("_*")[0]
            wanted = {value for value in mapping.columns.values() if isinstance(value, str)} | set(mapping.attributes)
            wanted |= {mapping.cursor} if mapping.cursor else set()
            assert wanted <= set(COLUMNS[name]), f"{source}.{table}"


def test_the_addresses_cannot_reach_real_people(demo: Sources) -> None:
    accounts = demo.table("accounts")
    assert accounts["e_mail"].str.contains(r"@(?:[a-z]+\.)?example\.(?:com|org|net)$").all()
    phones = accounts["phone_no"].dropna()
    assert phones.str.contains(r"^\+1 \d{3}-555-01\d\d$|^\+999").all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"language": "fr"}, "language 'fr' is not known"),
        ({"customers": 3}, "is too little"),
        ({"defect_rate": 0.9}, "out of range"),
        ({"append_day": date(2026, 11, 1)}, "run `rapport demo` first"),
    ],
)
def test_options_that_cannot_be_followed_are_refused_in_one_line(
    tmp_path: Path, options: dict[str, object], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message) as refused:
        generate(settings_of(tmp_path), **options)  # type: ignore[arg-type]
    assert "\n" not in str(refused.value)


def test_an_unknown_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="'mysql' is not supported"):
        generate(settings_of(tmp_path), customers=60, days=1, database_url="mysql://nobody@nowhere/x")


def test_a_day_whose_writing_was_interrupted_is_added_whole_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_once, broken = make(tmp_path / "once", days=40), make(tmp_path / "broken", days=39, end=date(2026, 10, 31))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(SqliteDatabase, "commit", interrupted)
        generate(settings_of(broken.home), append_day=date(2026, 10, 31))
    assert len(broken.truth("defects")) == len(at_once.truth("defects"))  # appended, though the day is not in the CRM
    generate(settings_of(broken.home), append_day=date(2026, 10, 31))
    assert everything(broken) == everything(at_once)


def interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_day_is_not_added_to_another_database(tmp_path: Path) -> None:
    one = make(tmp_path / "one")
    (one.demo / "crm.db").rename(one.demo / "elsewhere.db")
    with pytest.raises(SourceError, match="give the address the company was made with"):
        generate(settings_of(one.home), append_day=date(2026, 11, 1))
    other = make(tmp_path / "other", days=10)
    with pytest.raises(ConfigurationError, match="is not that of"):
        generate(settings_of(one.home), append_day=date(2026, 11, 1), database_url=f"sqlite:///{other.demo / 'crm.db'}")


def test_a_company_whose_writing_was_interrupted_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(SqliteDatabase, "insert", interrupted)
        make(tmp_path)
    assert (tmp_path / "demo").exists()
    assert not has_company(settings_of(tmp_path))
    make(tmp_path)
    assert has_company(settings_of(tmp_path))
