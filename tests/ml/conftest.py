"""A small company whose truth is known, as Parquet in a lake."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from ml.lake import partition
from tests.company import SMALL_TRAINING
from tests.shared_homes import built_once
from warehouse.building.seeds import write_seeds
from warehouse.core.calendar import training_snapshots
from warehouse.core.settings import Settings

AS_OF = date(2026, 6, 30)


def settings_of(home: Path, **sections: dict[str, Any]) -> Settings:
    """Settings whose configuration holds a customers table and these sections; the lake has the seeds."""
    attributes = sections.pop("attributes", {"names": ["tariff"]})["names"]
    customers = {"from": "customers.csv", "attributes": attributes}
    config = {
        "sources": {"crm": {"connector": "files", "path": "unused", "tables": {"customers": customers}}},
        "churn": {"definition": "contract", "horizon_days": 60, "snapshots": 6, "snapshot_every_days": 30},
        "training": SMALL_TRAINING,
        **sections,
    }
    home.mkdir(parents=True, exist_ok=True)
    (home / "rapport.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    settings = Settings(home, home / "rapport.yml", home)
    shutil.copytree(shipped_seeds(), settings.seeds, dirs_exist_ok=True)
    return settings


@cache
def shipped_settings() -> Settings:
    """Settings of a home that holds nothing but the seeds of the checkout, written as the build stage does."""
    home = Path(mkdtemp(prefix="seeds_"))
    (home / "rapport.yml").write_text("sources: {}\n", encoding="utf-8")
    settings = Settings(home, home / "rapport.yml", home)
    write_seeds(settings)
    return settings


def shipped_seeds() -> Path:
    """The folder of the seeds of the checkout."""
    return shipped_settings().seeds


def shipped_seed(name: str) -> pd.DataFrame:
    """The lines of one seed of the checkout."""
    return pd.read_parquet(shipped_seeds() / f"{name}.parquet")


def key_of(number: int) -> str:
    return hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()


@dataclass
class Company:
    """Customers who leave more often the more problems they have and the less they use the product."""

    settings: Settings
    customers: int = 700
    seed: int = 7

    def features(self, night: date) -> pd.DataFrame:
        """One night's features, with the true probability of leaving as the last column."""
        random = np.random.default_rng([self.seed, night.toordinal()])
        count = self.customers
        reopened, sessions = random.poisson(0.5, count), random.poisson(12, count)
        tariff = random.choice(["basic", "plus", "legacy"], count, p=[0.5, 0.4, 0.1])
        logit = -1.2 + 0.9 * reopened - 0.16 * (sessions - 12) + 0.9 * (tariff == "legacy")
        return pd.DataFrame(
            {
                "customer_key": [key_of(number) for number in range(count)],
                "as_of": night,
                "has_active_subscription": np.arange(count) % 10 > 0,
                "has_ordered": True,
                "attributes": [json.dumps({"tariff": one, "region": "north"}) for one in tariff],
                "expected_value_cents": random.gamma(2, 5000, count),
                "reopened_tickets_90d": reopened.astype(float),
                "usage_sessions_28d": sessions.astype(float),
                "usage_sessions_7d": (sessions / 4).round(),
                "monthly_price_cents": random.choice([1990.0, 2990.0], count),
                "days_since_last_order": np.full(count, np.nan),
                "truth": 1 / (1 + np.exp(-logit)),
            }
        )

    def left(self, features: pd.DataFrame, night: date) -> np.ndarray:
        random = np.random.default_rng([self.seed + 1, night.toordinal()])
        return random.random(len(features)) < features["truth"].to_numpy()

    def write(self, as_of: date = AS_OF, **columns: Any) -> None:
        """The night's features, and features and labels of the past nights that a training on `as_of` uses.

        `columns` are more features: functions of (features, who left).
        """
        for night in [*training_snapshots(self.settings.config.churn, as_of), as_of]:
            features = self.features(night)
            churned = self.left(features, night)
            extra = {name: make(features, churned) for name, make in columns.items()}
            self.save("customer_features", night, features.drop(columns="truth").assign(**extra))
            if night < as_of:
                self.write_labels(night, features, churned)

    def write_labels(self, night: date, features: pd.DataFrame, churned: np.ndarray) -> None:
        known = night + timedelta(days=self.settings.config.churn.horizon_days)
        labels = features[["customer_key", "as_of"]].assign(definition="contract", is_churned=churned, known_from=known)
        self.save("churn_labels", night, labels[features["has_active_subscription"]])

    def save(self, table: str, night: date, frame: pd.DataFrame) -> None:
        file = partition(self.settings.features / table, night)
        file.parent.mkdir(parents=True, exist_ok=True)
        frame.to_parquet(file, index=False)

    def scores(self, table: str, night: date = AS_OF) -> pd.DataFrame:
        return pd.read_parquet(partition(self.settings.scores / table, night))


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(settings_of(tmp_path))


@pytest.fixture(scope="session")
def trained_company() -> Company:
    """A company with a champion and a scored night; tests only read it."""
    home = built_once("trained_on_features", train_and_score)
    return Company(Settings(home, home / "rapport.yml", home), customers=1500)


def train_and_score(home: Path) -> None:
    from ml.scoring import score
    from ml.training import train

    company = Company(settings_of(home), customers=1500)
    company.write()
    train(company.settings, AS_OF)
    score(company.settings, AS_OF)
