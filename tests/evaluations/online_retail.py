"""Online Retail, the night of 2011-09-09: lapse within 90 days, trained on earlier nights only, compared with peers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np

from ml.classifier.card import table
from ml.classifier.examples import Examples, Labelled, read_population
from ml.classifier.figures import Judge
from ml.classifier.train import Classifier
from ml.registry import Registry
from ml.use_cases.churn.features import churn_target
from tests.company import Company
from tests.evaluations import Evaluation
from tests.peers import peers
from warehouse.core.errors import ModelError
from warehouse.core.settings import PROJECT, Settings, settings_from_environment

NIGHT = date(2011, 9, 9)
HORIZON = timedelta(days=90)
CONFIG = PROJECT / "examples" / "online_retail" / "rapport.yml"
OURS = "this model"


def evaluate(work: Path) -> Evaluation:
    """Train with the real command, then measure."""
    company = Company(work / "home", CONFIG)
    company.run("train")
    return measure(company.home)


def measure(home: Path) -> Evaluation:
    """The champion and peers of the same features and nights, on everybody who had bought before the night."""
    settings = Settings(home, CONFIG, settings_from_environment().datasets)
    target = churn_target(settings, NIGHT)
    registry = Registry(settings)
    champion = registry.champion(target.name)
    if champion is None:
        raise ModelError("online_retail: training promoted no model")
    model = Classifier.load(registry.folder(champion), target.name)
    learnt = Labelled(settings, NIGHT, target).read(model.features)
    night = _night(home, settings, model)
    judge = Judge(night, target.economics, target.economics.budget)
    predicted = {OURS: model.probabilities(night.matrix), **peers(learnt, night, model.features)}
    found = {name: judge.figures(one) for name, one in predicted.items()}
    against = {name: judge.against(predicted[OURS], one) for name, one in predicted.items() if name != OURS}
    profit, low, high = against["logistic regression"]["profit_cents"]
    figures = {**found[OURS], "profit_to_logistic_cents": profit, "profit_to_logistic_low": low}
    figures |= {"profit_to_logistic_high": high, "logistic_auc": found["logistic regression"]["auc"]}
    return Evaluation("Online Retail: lapse within 90 days, out of time", figures, _text(found, against, judge.budget))


def _night(home: Path, settings: Settings, model: Classifier) -> Examples:
    """Customers who had bought before the night, and whether they bought in the invoices after it."""
    target = churn_target(settings, NIGHT)
    parts = list(read_population(settings, NIGHT, target, model.features))
    keys = np.concatenate([part.keys for part in parts])
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as reader:
        names = dict(
            reader.execute("select customer_key, customer_id from marts.dim_customers where is_current").fetchall()
        )
    bought = duckdb.execute(
        """
        select distinct customerid::bigint::varchar from read_parquet(?)
        where customerid is not null and quantity > 0 and unitprice > 0 and invoicedate >= ? and invoicedate < ?
        """,
        [str(settings.datasets / "online_retail" / "*.parquet"), NIGHT, NIGHT + HORIZON],
    ).fetchall()
    stayed = {row[0] for row in bought}
    return Examples(
        keys,
        np.full(len(keys), (NIGHT - date(1970, 1, 1)).days),
        np.array([names[key] not in stayed for key in keys], dtype=np.float64),
        np.concatenate([part.value_cents for part in parts]),
        np.full(len(keys), "", dtype=object),
        np.concatenate([part.matrix for part in parts]),
    )


def _text(
    found: dict[str, dict[str, float]], against: dict[str, dict[str, tuple[float, float, float]]], budget: int
) -> str:
    rows = []
    for name, one in found.items():
        row = [name, f"{one['auc']:.4f} ({one['auc_low']:.3f} to {one['auc_high']:.3f})", f"{one['pr_auc']:.3f}"]
        row += [f"{one['brier']:.4f}", f"{one['calibration_error']:.3f}", f"{one['lift_top_decile']:.2f}"]
        for key in ("empc_cents", "profit_cents"):
            middle, low, high = against.get(name, {}).get(key, (0.0, 0.0, 0.0))
            ours = f" (ours {middle:+,.0f}; {low:+,.0f} to {high:+,.0f})" if name in against else ""
            row.append(f"{one[key]:,.0f}{ours}")
        rows.append(row)
    head = (
        "",
        "AUC",
        "average precision",
        "Brier",
        "calibration error",
        "top-decile lift",
        "EMPC, pence",
        "list, pence",
    )
    figures = found[OURS]
    return (
        f"{figures['n']:,.0f} customers who had bought before the night; {figures['base_rate']:.1%} did not buy "
        f"again within 90 days. Trained only on nights whose 90 days had passed. List: the {budget} customers of the "
        f"highest expected profit; differences are paired.\n\n{table(head, rows)}\n"
    )
