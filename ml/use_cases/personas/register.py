"""Submits personas to the gate, with their figures, card and files."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ml.plots import plot_heights
from ml.promotion import Submission
from ml.registry import Registry
from ml.use_cases.personas.features import fingerprint, matrix, read
from ml.use_cases.personas.promote import objections
from ml.use_cases.personas.train import PersonaModel, fit
from ml.use_cases.personas.wording import Wording, read_wording
from ml.use_cases.personas.words import profiles
from warehouse.core.settings import Settings

NAME = "customer_personas"


def prepare(settings: Settings, as_of: date) -> Submission:
    """Find the personas of the night; personas that match one of the champion keep its id and name.

    Raises:
        ModelError: if there are too few customers or traits.
    """
    wording = read_wording(settings)
    registry = Registry(settings)
    champion = registry.champion(NAME)
    before = PersonaModel.load(registry.folder(champion), NAME) if champion else None
    customers = read(settings, as_of, wording.traits)
    model = fit(customers, wording, before)
    figures = evaluate(model, customers, before)
    return Submission(
        name=NAME,
        rows=len(customers),
        booster=None,
        params={"as_of": as_of.isoformat(), "personas": len(model.personas), "traits": len(model.scales)},
        metrics=figures,
        tags={"as_of": as_of.isoformat(), "data_fingerprint": fingerprint(customers)},
        card=_card(settings, as_of, figures, model, customers, wording),
        headline=f"{len(model.personas)} personas, silhouette {figures['silhouette']:.3f}, n = {len(customers):,}",
        write=partial(_write, model=model),
        objections=lambda _: objections(figures, wording.thresholds["persona_lowest_silhouette"]),
    )


def evaluate(model: PersonaModel, customers: pd.DataFrame, before: PersonaModel | None) -> dict[str, float]:
    """Number of customers, silhouette by number of personas, and smallest share of a persona.

    With a champion also `kept_share`: share of the customers whose persona id is the champion's.
    """
    nearest = model.distances(customers).argmin(axis=1)
    shares = np.bincount(nearest, minlength=len(model.personas)) / len(customers)
    figures = {
        "n": float(len(customers)),
        "silhouette": model.silhouettes[str(len(model.personas))],
        "smallest_share": float(shares.min()),
        **{f"silhouette_{number}": value for number, value in model.silhouettes.items()},
    }
    if before:
        now = np.array([persona.persona_id for persona in model.personas])[nearest]
        known = customers.reindex(columns=["customer_key", *(scale.feature for scale in before.scales)])
        then = np.array([persona.persona_id for persona in before.personas])[before.distances(known).argmin(axis=1)]
        figures["kept_share"] = float((now == then).mean())
    return figures


def _write(folder: Path, model: PersonaModel) -> None:
    model.save(folder, NAME)
    numbers = list(model.silhouettes)
    plot_heights(
        numbers,
        [model.silhouettes[n] for n in numbers],
        ("personas", "silhouette"),
        folder / "plots" / "silhouette.png",
    )


def _card(
    settings: Settings,
    as_of: date,
    figures: dict[str, float],
    model: PersonaModel,
    customers: pd.DataFrame,
    wording: Wording,
) -> str:
    used, currency = list(model.scales), settings.config.currency
    nearest = model.distances(customers).argmin(axis=1)
    traits = matrix(customers, used)
    described = profiles(customers, traits, [s.feature for s in used], nearest, currency, wording)
    listed = "\n".join(
        f"- {persona.persona_id} **{persona.english}** ({persona.chinese}), {np.mean(nearest == position):.0%}: "
        f"{described.get(position, ('no customer tonight', ''))[0]}"
        for position, persona in enumerate(model.personas)
    )
    return f"""# Personas, {settings.config.company}, as of {as_of}

**What it reports.** The persona of each customer: the group of customers with similar behaviour. Use it to address
groups of customers, not to judge a single one.

{listed}

**What it is.** K-means on {len(used)} standardised traits, with {len(model.personas)} personas: the number with the
highest silhouette ({figures["silhouette"]:.3f}). Personas that match one of the previous model keep its id and name.

**Limits.** Personas have no sharp borders. Many customers lie between two personas, with a silhouette near 0.
"""
