"""Put personas before the gate: their figures, card and files."""

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
from ml.use_cases.personas.words import profiles
from warehouse.core.settings import Settings

NAME = "customer_personas"


def prepare(settings: Settings, as_of: date) -> Submission:
    """Find the personas of the night; those that the champion knows keep their id and name.

    Raises:
        ModelError: where there are too few customers or traits.
    """
    registry = Registry(settings)
    champion = registry.champion(NAME)
    before = PersonaModel.load(registry.folder(champion), NAME) if champion else None
    customers = read(settings, as_of)
    model = fit(customers, before)
    figures = evaluate(model, customers, before)
    return Submission(
        name=NAME,
        rows=len(customers),
        booster=None,
        params={"as_of": as_of.isoformat(), "personas": len(model.personas), "traits": len(model.scales)},
        metrics=figures,
        tags={"as_of": as_of.isoformat(), "data_fingerprint": fingerprint(customers)},
        card=_card(settings, as_of, figures, model, customers),
        headline=f"{len(model.personas)} personas, silhouette {figures['silhouette']:.3f}, n = {len(customers):,}",
        write=partial(_write, model=model),
        objections=lambda _: objections(figures),
    )


def evaluate(model: PersonaModel, customers: pd.DataFrame, before: PersonaModel | None) -> dict[str, float]:
    """Silhouette of the chosen number and of the others, smallest share, and who keeps the champion's persona."""
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
        held = customers.reindex(columns=["customer_key", *(scale.feature for scale in before.scales)])
        then = np.array([persona.persona_id for persona in before.personas])[before.distances(held).argmin(axis=1)]
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
    settings: Settings, as_of: date, figures: dict[str, float], model: PersonaModel, customers: pd.DataFrame
) -> str:
    used = list(model.scales)
    nearest = model.distances(customers).argmin(axis=1)
    told = profiles(customers, matrix(customers, used), [s.feature for s in used], nearest, settings.config.currency)
    listed = "\n".join(
        f"- {persona.persona_id} **{persona.english}** ({persona.chinese}), {np.mean(nearest == position):.0%}: "
        f"{told.get(position, ('nobody tonight', ''))[0]}"
        for position, persona in enumerate(model.personas)
    )
    return f"""# Personas, {settings.config.company}, as of {as_of}

**What it says.** Which kind of customer somebody is, by what they do. It is for speaking to kinds of customers in their
way, not for judging one.

{listed}

**What it is.** K-means on {len(used)} standardised traits; {len(model.personas)} personas because the silhouette is
highest there ({figures["silhouette"]:.3f}). A persona that was there before keeps its id and name.

**What to know.** The borders between kinds of customers are ours: many customers are near two of them, as their own
silhouette says.
"""
