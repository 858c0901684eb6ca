"""Nightly personas: each customer belongs to the nearest centre of the champion, so that nobody moves for no reason."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from ml.registry import Registry
from ml.use_cases.personas.features import matrix, read
from ml.use_cases.personas.register import NAME
from ml.use_cases.personas.tables import CUSTOMER_PERSONAS
from ml.use_cases.personas.train import PersonaModel, distances
from ml.use_cases.personas.words import profiles
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings


def score(settings: Settings, registry: Registry, as_of: date) -> tuple[list[TableCount], list[str]]:
    """Write `customer_personas` of the night; empty where there is no champion.

    Raises:
        ModelError: where the night's features are missing.
    """
    champion = registry.champion(NAME)
    if champion is None:
        CUSTOMER_PERSONAS.write(settings.scores, as_of, pd.DataFrame())
        note = f"{NAME}: there is no champion, so nobody has a persona; run `rapport train`"
        return [TableCount(NAME, 0, 0, status="no champion")], [note]
    model, customers = PersonaModel.load(registry.folder(champion), NAME), read(settings, as_of)
    rows = personas_of(model, customers, settings.config.currency)
    rows = rows.assign(model_version=champion.number, run_id=champion.run_id)
    written = CUSTOMER_PERSONAS.write(settings.scores, as_of, rows)
    return [TableCount(NAME, len(customers), written)], []


def personas_of(model: PersonaModel, customers: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Rows of `customer_personas`.

    The silhouette is the simplified one (Hruschka et al. 2004): how much nearer the own centre is than the next, 0-1.
    """
    if customers.empty:
        return pd.DataFrame()
    used = list(model.scales)
    held = customers.reindex(columns=["customer_key", *(scale.feature for scale in used)])
    standardised = matrix(held, used)
    away = distances(standardised, model.centres)
    nearest = away.argmin(axis=1)
    two = np.sort(away, axis=1)[:, :2]
    told = profiles(held, standardised, [scale.feature for scale in used], nearest, currency)
    shares = np.bincount(nearest, minlength=len(model.personas)) / len(held)
    people = [model.personas[position] for position in range(len(model.personas))]
    silhouette = (two[:, 1] - two[:, 0]) / np.maximum(two[:, 1], 1e-9)

    def each(values: list[object]) -> np.ndarray:
        return np.asarray(np.array(values, dtype=object)[nearest])

    return pd.DataFrame(
        {
            "customer_key": held["customer_key"],
            "persona_id": each([person.persona_id for person in people]),
            "persona_en": each([person.english for person in people]),
            "persona_zh": each([person.chinese for person in people]),
            "profile_en": each([told.get(position, ("", ""))[0] for position in range(len(people))]),
            "profile_zh": each([told.get(position, ("", ""))[1] for position in range(len(people))]),
            "distance": two[:, 0].round(6),
            "silhouette": silhouette.round(6),
            "persona_share": shares[nearest].round(6),
            "persona_count": len(people),
        }
    )
