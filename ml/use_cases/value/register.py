"""Put the models of value before their gates: figures, cards, files."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ml.plots import plot_foretold
from ml.promotion import Submission
from ml.use_cases.value.evaluate import by_frequency, evaluate_contracts, evaluate_purchases
from ml.use_cases.value.features import ValueDays, fingerprint, read
from ml.use_cases.value.promote import contract_objections, purchase_objections
from ml.use_cases.value.train import ContractModel, PurchaseModel, fit_contracts, fit_purchases
from warehouse.core.settings import Settings

PURCHASES = "customer_value_purchases"
CONTRACTS = "customer_value_contracts"


def prepare_purchases(settings: Settings, as_of: date) -> Submission:
    """Fit on what was bought until `as_of`; test a fit of the holdout day on what came after it.

    Raises:
        ModelError: where too few bought, or bought again.
    """
    days, held = ValueDays.of(settings, as_of), settings.config.value.holdout_days
    known, earlier = (read(settings, "purchase_histories", as_of, day) for day in (days.night, days.holdout))
    model, before = fit_purchases(known), fit_purchases(earlier)
    figures = evaluate_purchases(before, earlier, held)
    return Submission(
        name=PURCHASES,
        rows=len(known),
        booster=None,
        params={"as_of": as_of.isoformat(), "customers": len(known), "holdout_days": held, **_flat(model)},
        metrics=_finite(figures),
        tags={"as_of": as_of.isoformat(), "data_fingerprint": fingerprint(known)},
        card=_purchase_card(settings, as_of, figures, model),
        headline=(
            f"{figures['purchases_foretold']:,.0f} purchases foretold for {held} days, {figures['purchases']:,.0f} "
            f"came, n = {figures['n']:,.0f}"
        ),
        write=partial(_write_purchases, model=model, table=by_frequency(before, earlier, held)),
        objections=lambda _: purchase_objections(figures, model.counts.is_converged and model.values.is_converged),
    )


def prepare_contracts(settings: Settings, as_of: date) -> Submission:
    """Fit the survival of contracts on the year before `as_of`; test a fit of the holdout day on what came after it.

    Raises:
        ModelError: where too few contracts ended.
    """
    days, held = ValueDays.of(settings, as_of), settings.config.value.holdout_days
    known, earlier = (read(settings, "contract_hazards", as_of, day) for day in (days.night, days.holdout))
    model, before = fit_contracts(known), fit_contracts(earlier)
    figures = evaluate_contracts(before, read(settings, "contract_histories", as_of, days.holdout), held)
    return Submission(
        name=CONTRACTS,
        rows=int(known["loss_count"].sum()),
        booster=None,
        params={"as_of": as_of.isoformat(), "plans": len(model.survival.factors), "holdout_days": held},
        metrics=_finite(figures),
        tags={"as_of": as_of.isoformat(), "data_fingerprint": fingerprint(known)},
        card=_contract_card(settings, as_of, figures, model),
        headline=(
            f"{figures['losses_foretold']:,.0f} losses foretold for {held} days, {figures['losses']:,.0f} came, "
            f"n = {figures['n']:,.0f}"
        ),
        write=partial(model.save, name=CONTRACTS),
        objections=lambda _: contract_objections(figures),
    )


def _write_purchases(folder: Path, model: PurchaseModel, table: pd.DataFrame) -> None:
    model.save(folder, PURCHASES)
    plot_foretold(
        table["repeat_purchases"].tolist(),
        {name: table[name].to_numpy(float) for name in ("came", "foretold", "same_as_before")},
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
    held, counts = settings.config.value.holdout_days, model.counts
    return f"""# Value of purchases, {settings.config.company}, as of {as_of}

**What it says.** How often each customer is expected to buy again within {settings.config.value.horizon_months} months,
whether the customer is still there at all, and what a purchase brings; together the value of future purchases.

**How it was tested.** A model that knew nothing of the last {held} days foretold {figures["purchases_foretold"]:,.0f}
purchases of {figures["n"]:,.0f} customers; {figures["purchases"]:,.0f} came. Mean error a customer
{figures["purchases_mae"]:.3f} purchases (everybody goes on as before: {figures["purchases_mae_naive"]:.3f}),
correlation {figures["purchases_correlation"]:.3f} ({figures["purchases_correlation_naive"]:.3f}).

**What it is.** BG/NBD (r {counts.r:.3f}, alpha {counts.alpha:.2f} weeks, a {counts.a:.3f}, b {counts.b:.3f}) and
gamma-gamma (p {model.values.p:.2f}, q {model.values.q:.2f}, gamma {model.values.gamma:,.0f} cents; mean margin of a
purchase {model.values.mean:,.0f} cents), by maximum likelihood.

**What to know.** It knows no seasons: before Christmas it foretells too little, after it too much. It takes
what somebody spends for unrelated to how often (correlation here {figures["frequency_value_correlation"]:.2f}).
"""


def _contract_card(settings: Settings, as_of: date, figures: dict[str, float], model: ContractModel) -> str:
    factors = sorted(model.survival.factors.items(), key=lambda item: (-item[1], item[0]))
    plans = "; ".join(f"{plan} {factor:.2f}" for plan, factor in factors[:12])
    year = model.survival.surviving(np.zeros(1), pd.Series(["any plan"]), 365)[0]
    return f"""# Value of contracts, {settings.config.company}, as of {as_of}

**What it says.** How long each contract is expected to go on within {settings.config.value.horizon_months} months;
times its margin, discounted, the value of the contract. Of new contracts {year:.0%} run for a year.

**How it was tested.** Curves that knew nothing of the last {settings.config.value.holdout_days} days foretold
{figures["losses_foretold"]:,.0f} losses among {figures["n"]:,.0f} contracts; {figures["losses"]:,.0f} came. Calibration
error {figures["calibration_error"]:.4f}.

**What it is.** Hazards of the last year by month of tenure, times a factor of the plan, both drawn to the mean where
there is little to learn from. Factors: {plans}.

**What to know.** It asks only how old a contract is and which plan it has. What else speaks for leaving is in the churn
risk; value at risk multiplies the two.
"""
