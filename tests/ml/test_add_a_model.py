"""Follows docs/add-a-model.md to the letter, on a copy of the project."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import duckdb
import jinja2
import numpy as np
import pandas as pd
import pytest

from ml.lake import partition
from tests.ml.conftest import AS_OF, Company, settings_of
from warehouse.core.calendar import training_snapshots
from warehouse.core.settings import PROJECT

PAGE = PROJECT / "docs" / "add-a-model.md"
RUN = """
from datetime import date
from ml.scoring import score
from ml.training import train
from ml.use_case import use_cases
from warehouse.core.settings import settings_from_environment

settings, night = settings_from_environment(), date.fromisoformat("{night}")
assert "reorder" in [use_case.name for use_case in use_cases()]
for report in (train(settings, night), score(settings, night)):
    print(*report.notes, sep="\\n")
"""


def files_of_the_page() -> dict[str, str]:
    """Every file that the page shows, by its path."""
    found = re.findall(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    return dict(found)


def rendered(sql: str, night: date) -> str:
    macros = {
        "add_days": lambda column, days: f"cast({column} + interval {days} day as date)",
        "ref": lambda name: name,
        "source": lambda _, name: name,
        "as_of_date": lambda: f"date '{night}'",
    }
    return jinja2.Environment(autoescape=False).from_string(sql).render(**macros)


class Shop(Company):
    """Customers order again if they ordered recently and use the product."""

    def features(self, night: date) -> pd.DataFrame:
        random = np.random.default_rng([self.seed, night.toordinal()])
        recency = random.integers(1, 120, self.customers).astype(float)
        return super().features(night).assign(days_since_last_order=recency)

    def order_days(self, nights: list[date]) -> pd.DataFrame:
        """Orders that agree with the features of each night: each night has customers of its own."""
        rows = []
        for position, night in enumerate(nights):
            features = self.features(night)
            random = np.random.default_rng([self.seed + 2, night.toordinal()])
            eager = 2 - features["days_since_last_order"] / 20 + 0.3 * (features["usage_sessions_28d"] - 12)
            again = random.random(len(features)) < 1 / (1 + np.exp(-eager))
            for key, recency, orders in zip(
                features["customer_key"], features["days_since_last_order"], again, strict=True
            ):
                owner = f"{position}{key}"
                rows.append((owner, night - timedelta(days=int(recency))))
                rows += [(owner, night + timedelta(days=5))] if orders else []
        return pd.DataFrame(rows, columns=["customer_key", "order_date"]).assign(order_count=1)

    def fill(self, labels_sql: str) -> None:
        """Write the lake as a night leaves it; labels come from the SQL of the page."""
        nights = training_snapshots(self.settings.config.churn, AS_OF)
        connection = duckdb.connect()
        connection.register("orders", self.order_days(nights))
        connection.execute(
            "create view int_features__order_days as "
            "select customer_key, cast(order_date as date) as order_date, order_count from orders"
        )
        for position, night in enumerate(nights):
            features = self.features(night).drop(columns="truth")
            keys = str(position) + features["customer_key"]
            self.save("customer_features", night, features.assign(customer_key=keys))
            connection.execute(f"create or replace view int_features__snapshots as select date '{night}' as as_of")
            labels = connection.execute(rendered(labels_sql, AS_OF)).df()
            labels = labels[labels["customer_key"].isin(set(keys))]
            self.save("reorder_labels", night, labels.assign(as_of=night))
        self.save("customer_features", AS_OF, self.features(AS_OF).drop(columns="truth"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the models need of the project, with every file of the page."""
    for folder in ("ml", "warehouse", "dbt_project"):
        shutil.copytree(
            PROJECT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("target", "__pycache__", "logs")
        )
    for path, content in files_of_the_page().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
    return tmp_path


def test_the_page_followed_to_the_letter_gives_a_model_that_is_trained_gated_and_scored(project: Path) -> None:
    files = files_of_the_page()
    shop = Shop(settings_of(project / "home"), customers=500)
    shop.fill(files["dbt_project/models/features/reorder_labels.sql"])
    environment = {
        **os.environ,
        "PYTHONPATH": str(project),
        "RAPPORT_HOME": str(shop.settings.home),
        "RAPPORT_CONFIG": str(shop.settings.config_path),
    }
    command = [sys.executable, "-c", RUN.format(night=AS_OF)]
    done = subprocess.run(
        command, env=environment, cwd=project, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (
        "reorder: version 1 is champion: AUC 0.8" in done.stdout
        or "reorder: version 1 is champion: AUC 0.7" in done.stdout
    )
    scores = shop.scores("reorder").merge(shop.features(AS_OF), on="customer_key")
    assert len(scores) == 500 and set(scores["model_version"]) == {"1"}
    recent = scores["days_since_last_order"] < 30
    assert scores.loc[recent, "reorder_probability"].mean() > scores.loc[~recent, "reorder_probability"].mean() + 0.2
    published = rendered(files["dbt_project/models/scores/reorder.sql"], AS_OF)
    with duckdb.connect() as connection:
        file = partition(shop.settings.scores / "reorder", AS_OF)
        connection.execute(f"create view reorder as select * from read_parquet('{file}')")
        assert len(connection.execute(published).df()) == 500
