"""Submit the models of value to their gates: figures, cards and files."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ml.lake import read_thresholds
from ml.plots import plot_predicted
from ml.promotion import Submission
from ml.use_cases.value.evaluate import by_frequency, evaluate_contracts, evaluate_purchases
from ml.use_cases.value.features import ValueDays, fingerprint, read
from ml.use_cases.value.promote import contract_objections, purchase_objections
from ml.use_cases.value.train import ContractModel, PurchaseModel, fit_contracts, fit_purchases
from warehouse.core.settings import Settings

PURCHASES = "customer_value_purchases"
CONTRACTS = "customer_value_contracts"
THRESHOLDS = "models_thresholds"


def prepare_purchases(settings: Settings, as_of: date) -> Submission:
    """Fit on the purchases before `as_of`; test a model fitted as of the holdout day on later purchases.

    Raises:
        ModelError: too few customers bought, or bought again.
    """
    factor = read_thresholds(settings, THRESHOLDS)["gate_purchases_factor"]
    days, holdout = ValueDays.of(settings, as_of), settings.config.value.holdout_days
    known, earlier = (read(settings, "purchase_histories", as_of, day) for day in (days.night, days.holdout))
    model, before = fit_purchases(known), fit_purchases(earlier)
    is_converged = model.counts.is_converged and model.values.is_converged
    figures = evaluate_purchases(before, earlier, holdout)
    return Submission(
        name=PURCHASES,
        rows=len(known),
        booster=None,
        params={"as_of": as_of.isoformat(), "customers": len(known), "holdout_days": holdout, **_flat(model)},
        metrics=_finite(figures),
        tags={"as_of": as_of.isoformat(), "data_fingerprint": fingerprint(known)},
        card=_purchase_card(settings, as_of, figures, model),
        headline=(
            f"{figures['purchases_predicted']:,.0f} purchases predicted for {holdout} days, "
            f"{figures['purchases']:,.0f} made, n = {figures['n']:,.0f}"
        ),
        write=partial(_write_purchases, model=model, table=by_frequency(before, earlier, holdout)),
        objections=lambda _: purchase_objections(figures, is_converged, factor),
    )


def prepare_contracts(settings: Settings, as_of: date) -> Submission:
    """Fit the survival of contracts on the year before `as_of`; test curves of the holdout day on later losses.

    Raises:
        ModelError: too few contracts ended.
    """
    factor = read_thresholds(settings, THRESHOLDS)["gate_losses_factor"]
    days, holdout = ValueDays.of(settings, as_of), settings.config.value.holdout_days
    known, earlier = (read(settings, "contract_hazards", as_of, day) for day in (days.night, days.holdout))
    model, before = fit_contracts(known), fit_contracts(earlier)
    figures = evaluate_contracts(before, read(settings, "contract_histories", as_of, days.holdout), holdout)
    return Submission(
        name=CONTRACTS,
        rows=int(known["loss_count"].sum()),
        booster=None,
        params={"as_of": as_of.isoformat(), "plans": len(model.survival.factors), "holdout_days": holdout},
        metrics=_finite(figures),
        tags={"as_of": as_of.isoformat(), "data_fingerprint": fingerprint(known)},
        card=_contract_card(settings, as_of, figures, model),
        headline=(
            f"{figures['losses_predicted']:,.0f} losses predicted for {holdout} days, {figures['losses']:,.0f} "
            f"happened, n = {figures['n']:,.0f}"
        ),
        write=partial(model.save, name=CONTRACTS),
        objections=lambda _: contract_objections(figures, factor),
    )


def _write_purchases(folder: Path, model: PurchaseModel, table: pd.DataFrame) -> None:
    model.save(folder, PURCHASES)
    plot_predicted(
        table["repeat_purchases"].tolist(),
        {name: table[name].to_numpy(float) for name in ("actual", "predicted", "at_previous_rate")},
        folder / "plots" / "repeat_purchases.png",
    )


def _finite(figures: dict[str, float]) -> dict[str, float]:
    return {name: value for name, value in figures.items() if value - value == 0}


def _flat(model: PurchaseModel) -> dict[str, str | int | float]:
    counts, values = model.counts, model.values
    return {
        **{"r": counts.r, "alpha": counts.alpha, "a": counts.a, "b": counts.b},
        **{"p": values.p, "q": values.q, "gamma": values.gamma},
    }


def _purchase_card(settings: Settings, as_of: date, figures: dict[str, float], model: PurchaseModel) -> str:
    holdout, counts = settings.config.value.holdout_days, model.counts
    return f"""# Value of purchases, {settings.config.company}, as of {as_of}

**What it predicts.** The number of purchases of each customer within {settings.config.value.horizon_months} months, the
probability that the customer still buys, and the margin of a purchase; together the value of future purchases.

**How it was tested.** A model fitted without the last {holdout} days predicted {figures["purchases_predicted"]:,.0f}
purchases of {figures["n"]:,.0f} customers; they made {figures["purchases"]:,.0f}. Mean absolute error per customer
{figures["purchases_mae"]:.3f} purchases (at the previous rate: {figures["purchases_mae_naive"]:.3f}),
correlation {figures["purchases_correlation"]:.3f} ({figures["purchases_correlation_naive"]:.3f}).

**What it is.** BG/NBD (r {counts.r:.3f}, alpha {counts.alpha:.2f} weeks, a {counts.a:.3f}, b {counts.b:.3f}) and
gamma-gamma (p {model.values.p:.2f}, q {model.values.q:.2f}, gamma {model.values.gamma:,.0f} cents; mean margin of a
purchase {model.values.mean:,.0f} cents), by maximum likelihood.

**What to know.** The model has no seasons: it predicts too little before Christmas and too much after it. It assumes
that the value of a purchase does not depend on how often a customer buys (correlation here
{figures["frequency_value_correlation"]:.2f}).
"""


def _contract_card(settings: Settings, as_of: date, figures: dict[str, float], model: ContractModel) -> str:
    factors = sorted(model.survival.factors.items(), key=lambda item: (-item[1], item[0]))
    plans = "; ".join(f"{plan} {factor:.2f}" for plan, factor in factors[:12])
    year = model.survival.surviving(np.zeros(1), pd.Series(["any plan"]), 365)[0]
    return f"""# Value of contracts, {settings.config.company}, as of {as_of}

**What it predicts.** The time that each contract runs within {settings.config.value.horizon_months} months; multiplied
by its margin and discounted, this is the value of the contract. {year:.0%} of new contracts run for a year.

**How it was tested.** Curves fitted without the last {settings.config.value.holdout_days} days predicted
{figures["losses_predicted"]:,.0f} losses among {figures["n"]:,.0f} contracts; {figures["losses"]:,.0f} happened.
Calibration error {figures["calibration_error"]:.4f}.

**What it is.** Hazards of the last year by month of tenure, times a factor of the plan, both shrunk to the mean where
there are few losses. Factors: {plans}.

**What to know.** The model uses only the age of a contract and its plan. Other risk factors are in the churn risk;
value at risk multiplies the two.
"""
