"""Nightly value: the margin expected of each customer within the horizon, and its change."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from ml.metrics import deciles
from ml.registry import Registry, Version
from ml.use_cases.value.evaluate import weeks_of
from ml.use_cases.value.features import DAYS_A_WEEK, ValueDays, read
from ml.use_cases.value.register import CONTRACTS, PURCHASES
from ml.use_cases.value.survival import MONTH_DAYS
from ml.use_cases.value.tables import CUSTOMER_VALUE
from ml.use_cases.value.train import ContractModel, PurchaseModel
from warehouse.core.configuration import ValueConfig
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings

#: Margins of a quarter are discounted from its middle.
MONTHS_A_STEP = 3


def score(settings: Settings, registry: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `customer_value` of the night from the champions for purchases and contracts; either may be missing.

    The previous value is computed by the same models for the day `value.movement_days` ago, so that a change comes from
    the customer and not from the model.

    Raises:
        ModelError: the features of the night are missing.
    """
    purchases, contracts = registry.champion(PURCHASES), registry.champion(CONTRACTS)
    days = ValueDays.of(settings, as_of)
    notes = [
        f"{name}: there is no champion, so {what} have no value; run `rapport train`"
        for name, what, champion in ((PURCHASES, "purchases", purchases), (CONTRACTS, "contracts", contracts))
        if champion is None
    ]
    buying = PurchaseModel.load(registry.folder(purchases), PURCHASES) if purchases else None
    staying = ContractModel.load(registry.folder(contracts), CONTRACTS) if contracts else None
    tonight, before = (valued(settings, as_of, day, buying, staying) for day in (days.night, days.before))
    rows = with_movement(tonight, before)
    rows = rows.assign(horizon_months=settings.config.value.horizon_months, **_stamp(purchases, contracts))
    written = CUSTOMER_VALUE.write(settings.scores, as_of, rows)
    status = "no champion" if purchases is None and contracts is None else "ok"
    return [TableCount(CUSTOMER_VALUE.name, len(rows), written, status=status)], notes


def valued(
    settings: Settings, as_of: date, day: date, buying: PurchaseModel | None, staying: ContractModel | None
) -> pd.DataFrame:
    """Value as of one day, one row per customer, ordered by key."""
    config, parts = settings.config.value, []
    if buying:
        parts.append(purchase_value(buying, read(settings, "purchase_histories", as_of, day), config))
    if staying:
        parts.append(contract_value(staying, read(settings, "contract_histories", as_of, day), config))
    if not parts:
        return pd.DataFrame({"customer_key": pd.Series(dtype=object), "value_cents": pd.Series(dtype=float)})
    rows = parts[0] if len(parts) == 1 else parts[0].merge(parts[1], on="customer_key", how="outer")
    rows = rows.reindex(columns=["customer_key", *_PURCHASE, *_CONTRACT]).sort_values("customer_key", ignore_index=True)
    values = rows[["purchase_value_cents", "contract_value_cents"]]
    has_both, has_bought = values.notna().all(axis=1), values["purchase_value_cents"].notna()
    kind = np.select([has_both, has_bought], ["both", "purchases"], "contract")
    alive = rows[["purchase_alive", "contract_alive"]].max(axis=1)
    return rows.assign(model=kind, p_alive=alive, value_cents=values.fillna(0).sum(axis=1))


_PURCHASE = ("purchase_alive", "expected_purchases", "expected_purchase_cents", "purchase_value_cents")
_CONTRACT = ("contract_alive", "expected_contract_months", "contract_value_cents")


def purchase_value(model: PurchaseModel, histories: pd.DataFrame, config: ValueConfig) -> pd.DataFrame:
    """Discounted margin of the purchases expected within the horizon, and its parts; one row per customer."""
    x, t_x, T = weeks_of(histories)
    ends = np.append(np.arange(MONTHS_A_STEP, config.horizon_months, MONTHS_A_STEP), config.horizon_months)
    expected = model.counts.expected(x, t_x, T, ends * MONTH_DAYS / DAYS_A_WEEK)
    steps = np.diff(expected, axis=1, prepend=0.0)
    middles = (ends + np.concatenate([[0], ends[:-1]])) / 2
    cents = model.values.expected(x + 1, histories["mean_margin_cents"].to_numpy(float))
    return pd.DataFrame(
        {
            "customer_key": histories["customer_key"],
            "purchase_alive": model.counts.alive(x, t_x, T).round(6),
            "expected_purchases": expected[:, -1].round(6),
            "expected_purchase_cents": cents.round(6),
            "purchase_value_cents": (cents * (steps @ _discounts(middles, config))).round(2),
        }
    )


def contract_value(model: ContractModel, histories: pd.DataFrame, config: ValueConfig) -> pd.DataFrame:
    """Margin of the months that contracts are expected to run within the horizon, discounted from mid-month."""
    middles = np.arange(config.horizon_months) + 0.5
    tenure, running = histories["tenure_days"].to_numpy(float), histories["is_running"].to_numpy(bool)
    months, worth = np.zeros(len(histories)), np.zeros(len(histories))
    for middle, discount in zip(middles, _discounts(middles, config), strict=True):
        stays = model.survival.surviving(tenure, histories["stratum"], middle * MONTH_DAYS) * running
        months += stays
        worth += stays * discount
    return pd.DataFrame(
        {
            "customer_key": histories["customer_key"],
            "contract_alive": running.astype(float),
            "expected_contract_months": months.round(6),
            "contract_value_cents": (worth * histories["monthly_margin_cents"].to_numpy(float)).round(2),
        }
    )


def with_movement(tonight: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Tonight's rows with decile, previous value and change; the last two are missing for new customers."""
    past = before.set_index("customer_key")["value_cents"]
    previous = tonight["customer_key"].map(past)
    value = tonight["value_cents"].to_numpy(float)
    return tonight.assign(
        value_decile=deciles(value, tonight["customer_key"].to_numpy(object)),
        previous_value_cents=previous,
        value_change_cents=(tonight["value_cents"] - previous).round(2),
    )


def _discounts(months: np.ndarray, config: ValueConfig) -> np.ndarray:
    return np.asarray((1 - config.discount_share) ** (months / 12))


def _stamp(purchases: Version | None, contracts: Version | None) -> dict[str, str | None]:
    champions = [champion for champion in (purchases, contracts) if champion]
    return {
        "model_version": ", ".join(f"{champion.name} {champion.number}" for champion in champions) or None,
        "run_id": ", ".join(champion.run_id for champion in champions) or None,
    }
