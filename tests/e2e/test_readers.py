"""A reader that looks all the time sees whole nights only."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from tests.company import Company

READER = """
import sys, time, json, duckdb
published, stop = sys.argv[1:]
from pathlib import Path
seen, reads, errors = [], 0, []
while not Path(stop).exists():
    try:
        with duckdb.connect(published, read_only=True) as reader:
            nights = [row[0] for row in reader.execute('''
                select distinct as_of::varchar from marts.customer_360
                union select distinct as_of::varchar from scores.churn
                union select distinct as_of::varchar from quality.row_accounts
                union select max(as_of)::varchar from meta.releases
            ''').fetchall()]
        reads += 1
        if len(nights) != 1:
            errors.append(nights)
        elif not seen or seen[-1] != nights[0]:
            seen.append(nights[0])
    except Exception as error:
        errors.append(repr(error))
    time.sleep(0.02)
print(json.dumps({'seen': seen, 'reads': reads, 'errors': errors}))
"""


def test_reader_never_sees_a_half_published_night(trained: Company, first_night: date, tmp_path: Path) -> None:
    company = trained.copy(tmp_path / "home")
    stop = tmp_path / "stop"
    command = [sys.executable, "-c", READER, str(company.published), str(stop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as reader:
        try:
            nights = [first_night + timedelta(days=day) for day in range(1, 6)]
            for night in nights:
                company.nightly(night)
        finally:
            stop.touch()
        output, _ = reader.communicate(timeout=60)
    result = json.loads(output)
    assert result["errors"] == []
    assert result["seen"] == [str(night) for night in [first_night, *nights]]
    assert result["reads"] > 100
