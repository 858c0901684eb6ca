"""`python -m tests.bench.identity`: how long 1,000,000 customers with four identifiers each take to resolve.

The generated company has repeated records (one record in six shares one to three identifiers with another), changed
e-mails, numbers that were passed on, switchboards, explicit merges of which some were taken back, and a chain of
thousands of records. Prints the seconds of every identity model and checks that the planted people were found.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from tests.dbt_project.small_lake import SmallLake
from warehouse.building.dbt_process import results_file

NIGHT = date(2026, 2, 1)
CHAIN = 4_000
RESOLVED = ("+int_identity__identifiers",)
PUBLISHED = ("path:models/intermediate/identity", "path:models/marts/identity", "--exclude", *RESOLVED)

#: Record n of N: every sixth repeats an earlier one by one of its identifiers; the last CHAIN hang together in a chain.
RECORDS = """
create table records as
select
    n,
    'C' || lpad(cast(n as varchar), 8, '0') as customer_id,
    n > {customers} - {chain} as is_chained,
    n % 6 = 0 and n > 600 and n <= {customers} - {chain} as is_repeated,
    case
        when n > {customers} - {chain} then 1
        when n % 6 = 0 and n > 600 then n - 1 - 6 * (n % 97)
        else n
    end as person,
    timestamp '2023-01-01' + to_seconds((n * 7919) % 94000000) as created_at
from range(1, {customers} + 1) as numbers (n)
"""

VERSIONS = """
select
    customer_id,
    'Name ' || person as name,
    case
        when is_chained then 'chain' || (n // 2) || '@example.org'
        when is_repeated and n % 4 = 1 then 'mail' || person || '@example.org'
        when version = 1 then 'old' || n || '@example.org'
        else 'mail' || n || '@example.org'
    end as email,
    case
        when is_chained then '+1202' || lpad(cast((n + 1) // 2 as varchar), 7, '0')
        when n % 2000 < 8 and not is_repeated then '+49301' || lpad(cast(n // 2000 as varchar), 7, '0')
        when is_repeated and n % 4 = 2 then '+49170' || lpad(cast(person as varchar), 8, '0')
        else '+49170' || lpad(cast(n as varchar), 8, '0')
    end as phone,
    'handle' || case when is_repeated and n % 4 = 0 then person else n end as social_handle,
    'X' || case when is_repeated and n % 4 != 1 and n % 5 = 0 then person else n end as external_id,
    case when is_repeated and n % 50 = 0 and version = 1 then 'C' || lpad(cast(person as varchar), 8, '0') end
        as merged_into_id,
    date '1950-01-01' + cast(person % 18000 as integer) as birth_date,
    created_at,
    created_at + to_days(cast(version * 30 as integer)) as updated_at
from records
cross join (values (0), (1), (2)) as versions (version)
where version = 0 or (version = 1 and n % 5 = 0) or (version = 2 and n % 10 = 0)
"""


def land(home: Path, customers: int) -> int:
    """Write the landed records of the company; returns how many versions there are."""
    SmallLake(home)
    schema = home / "lake/landing/crm/customers/schema.parquet"
    target = schema.parent / f"as_of={NIGHT}" / "load.parquet"
    target.parent.mkdir()
    with duckdb.connect() as writer:
        writer.execute(RECORDS.format(customers=customers, chain=CHAIN))
        writer.execute(f"create table versions as {VERSIONS}")
        writer.execute(f"create table landed as select * from read_parquet('{schema}')")
        writer.execute(
            "insert into landed by name select *, '{}' as attributes, 'load' as _load_id, cast(updated_at as date) + 1 "
            "as _as_of, row_number() over (order by customer_id, updated_at) as _row_number from versions "
            f"where updated_at < timestamp '{NIGHT}'"
        )
        writer.execute(f"copy landed to '{target}' (format parquet)")
        return int(writer.execute("select count(*) from landed").fetchall()[0][0])


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _build(name: str, home: Path, *selected: str) -> None:
    """One dbt run; returns its wall and processor seconds and those of its slowest models."""
    started, before = time.monotonic(), _cpu_seconds()
    SmallLake(home).build(NIGHT, *selected).close()
    wall, processor = time.monotonic() - started, _cpu_seconds() - before
    sys.stdout.write(f"{name}: {wall:.0f} s, {processor:.0f} processor seconds; load {os.getloadavg()[0]:.1f}\n")
    results = json.loads(results_file(SmallLake(home).settings).read_text(encoding="utf-8"))
    for one in sorted(results, key=lambda one: -float(one["seconds"]))[:8]:
        sys.stdout.write(f"  {one['name']:<42} {one['seconds']:>7.1f} s\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    customers = parser.parse_args().customers
    with tempfile.TemporaryDirectory(prefix="rapport-identity-") as folder:
        home = Path(folder)
        versions = land(home, customers)
        sys.stdout.write(f"{customers:,} records, {versions:,} versions, {os.cpu_count()} cores\n")
        _build("resolved", home, *RESOLVED)
        _build("published with the ledger", home, *PUBLISHED)
        with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as reader:
            people, chained = reader.execute(
                "select count(distinct customer_key), count(distinct case when customer_id > "
                f"'C{customers - CHAIN:08}' then customer_key end) from intermediate.int_identity__customer_keys"
            ).fetchall()[0]
            claims = reader.execute("select count(*) from intermediate.int_identity__claims").fetchall()[0][0]
        sys.stdout.write(f"{claims:,} identifiers of {customers:,} records are {people:,} people\n")
        if chained != 1:
            sys.exit(f"the chain of {CHAIN:,} records is {chained} people, expected 1")


if __name__ == "__main__":
    main()
