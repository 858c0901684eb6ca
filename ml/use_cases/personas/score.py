"""Nightly personas: the nearest centre of the champion. Centres are fixed between trainings, so personas are stable."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from ml.registry import Registry
from ml.use_case import Scored
from ml.use_cases.personas.features import matrix, read
from ml.use_cases.personas.register import NAME
from ml.use_cases.personas.tables import CUSTOMER_PERSONAS
from ml.use_cases.personas.train import PersonaModel, distances
from ml.use_cases.personas.wording import Wording, read_wording
from ml.use_cases.personas.words import profiles
from warehouse.core.reports import TableCount
from warehouse.core.settings import Settings


def score(settings: Settings, registry: Registry, as_of: date) -> Scored:
    """Write `customer_personas` of the night; no rows without a champion.

    Raises:
        ModelError: if the night has no features.
    """
    champion = registry.champion(NAME)
    if champion is None:
        CUSTOMER_PERSONAS.write(settings.scores, as_of, pd.DataFrame())
        note = f"{NAME}: there is no champion, so no customer has a persona; run `rapport train`"
        return [TableCount(NAME, 0, 0, status="no champion")], [note]
    model, wording = PersonaModel.load(registry.folder(champion), NAME), read_wording(settings)
    customers = read(settings, as_of, wording.traits)
    rows = personas_of(model, customers, settings.config.currency, wording)
    rows = rows.assign(model_version=champion.number, run_id=champion.run_id)
    written = CUSTOMER_PERSONAS.write(settings.scores, as_of, rows)
    return [TableCount(NAME, len(customers), written)], []


def personas_of(model: PersonaModel, customers: pd.DataFrame, currency: str, wording: Wording) -> pd.DataFrame:
    """Rows of `customer_personas`: the nearest persona of each customer.

    `silhouette` is the simplified one (Hruschka et al. 2004), from 0 (between two centres) to 1 (at the own centre).
    """
    if customers.empty:
        return pd.DataFrame()
    used = list(model.scales)
    known = customers.reindex(columns=["customer_key", *(scale.feature for scale in used)])
    standardised = matrix(known, used)
    away = distances(standardised, model.centres)
    nearest = away.argmin(axis=1)
    two = np.sort(away, axis=1)[:, :2]
    described = profiles(known, standardised, [scale.feature for scale in used], nearest, currency, wording)
    shares = np.bincount(nearest, minlength=len(model.personas)) / len(known)
    silhouette = (two[:, 1] - two[:, 0]) / np.maximum(two[:, 1], 1e-9)

    def each(values: list[object]) -> np.ndarray:
        return np.asarray(np.array(values, dtype=object)[nearest])

    return pd.DataFrame(
        {
            "customer_key": known["customer_key"],
            "persona_id": each([persona.persona_id for persona in model.personas]),
            "persona_en": each([persona.english for persona in model.personas]),
            "persona_zh": each([persona.chinese for persona in model.personas]),
            "profile_en": each([described.get(position, ("", ""))[0] for position in range(len(model.personas))]),
            "profile_zh": each([described.get(position, ("", ""))[1] for position in range(len(model.personas))]),
            "distance": two[:, 0].round(6),
            "silhouette": silhouette.round(6),
            "persona_share": shares[nearest].round(6),
            "persona_count": len(model.personas),
        }
    )
