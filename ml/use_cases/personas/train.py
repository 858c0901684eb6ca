"""K-means on what customers do: as many personas as the silhouette favours, with the labels of the champion."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

from ml.booster import SEED
from ml.use_cases.personas.features import Floats, Scale, matrix, scales, spread
from ml.use_cases.personas.words import name_of
from warehouse.core.errors import ModelError

NUMBERS = range(3, 9)
FEWEST_CUSTOMERS = 200
FEWEST_TRAITS = 2
#: A smaller kind of customers is nobody's campaign.
SMALLEST_SHARE = 0.02
MOST_CUSTOMERS = 50_000
SILHOUETTE_CUSTOMERS = 3_000
BEGINNINGS = 5


@dataclass(frozen=True)
class Persona:
    """A kind of customers: its centre in standardised traits and its name."""

    persona_id: int
    english: str
    chinese: str
    centre: tuple[float, ...]


@dataclass(frozen=True)
class PersonaModel:
    """Personas in order of id; `next_id` was never used."""

    scales: tuple[Scale, ...]
    personas: tuple[Persona, ...]
    next_id: int
    silhouettes: dict[str, float]

    @property
    def centres(self) -> Floats:
        """Centres (personas, traits)."""
        return np.array([persona.centre for persona in self.personas])

    def distances(self, customers: pd.DataFrame) -> Floats:
        """Distances (n, personas) of customers to the centres."""
        return distances(matrix(customers, list(self.scales)), self.centres)

    def save(self, folder: Path, name: str) -> None:
        """Write `<name>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> PersonaModel:
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        personas = (Persona(**{**item, "centre": tuple(item["centre"])}) for item in content["personas"])
        return cls(
            tuple(Scale(**item) for item in content["scales"]),
            tuple(personas),
            content["next_id"],
            content["silhouettes"],
        )


def fit(customers: pd.DataFrame, champion: PersonaModel | None = None) -> PersonaModel:
    """The personas of these customers, in order of key; those of the champion keep their id and name.

    Raises:
        ModelError: where there are too few customers or traits, or none but tiny groups.
    """
    used = scales(customers)
    if len(customers) < FEWEST_CUSTOMERS or len(used) < FEWEST_TRAITS:
        raise ModelError(
            f"{len(customers)} customers with {len(used)} traits that tell them apart; {FEWEST_CUSTOMERS} customers "
            f"with {FEWEST_TRAITS} are needed"
        )
    traits = matrix(customers, used)
    traits = traits[:: max(1, -(-len(traits) // MOST_CUSTOMERS))]
    silhouettes, found = _candidates(traits)
    if not found:
        raise ModelError(f"no number of personas leaves each at least {SMALLEST_SHARE:.0%} of the customers")
    centres = found[max(found, key=lambda number: (silhouettes[number], -number))]
    personas, next_id = _labelled(used, centres, champion)
    shown = {str(number): round(value, 6) for number, value in silhouettes.items()}
    return PersonaModel(tuple(used), tuple(personas), next_id, shown)


def distances(traits: Floats, centres: Floats) -> Floats:
    """Euclidean distances (n, centres)."""
    return np.column_stack([np.sqrt(((traits - centre) ** 2).sum(axis=1)) for centre in centres])


def _candidates(traits: Floats) -> tuple[dict[int, float], dict[int, Floats]]:
    """Silhouette (Rousseeuw 1987) and centres by number of personas; centres in order of size, large first."""
    silhouettes, found = {}, {}
    step = max(1, -(-len(traits) // SILHOUETTE_CUSTOMERS))
    with threadpool_limits(limits=1):  # sums of several threads differ in the last digits from run to run
        for number in NUMBERS:
            means = KMeans(number, n_init=BEGINNINGS, random_state=SEED).fit(traits)
            sizes = np.bincount(means.labels_, minlength=number)
            if sizes.min() < SMALLEST_SHARE * len(traits) or len(np.unique(means.labels_[::step])) < 2:
                continue
            silhouettes[number] = float(silhouette_score(traits[::step], means.labels_[::step]))
            found[number] = means.cluster_centers_[np.argsort(-sizes, kind="stable")].round(6)
    return silhouettes, found


def _labelled(used: list[Scale], centres: Floats, champion: PersonaModel | None) -> tuple[list[Persona], int]:
    """Personas with the id and name of the champion's nearest (Kuhn 1955), new ones where none is near enough."""
    matched = _matched(used, centres, champion) if champion else {}
    next_id, personas = (champion.next_id if champion else 1), []
    taken = {persona.english for persona in matched.values()}
    for position, centre in enumerate(centres):
        place = tuple(float(value) for value in centre)
        if position in matched:
            before = matched[position]
            personas.append(Persona(before.persona_id, before.english, before.chinese, place))
            continue
        english, chinese = name_of([scale.feature for scale in used], centre, taken)
        taken.add(english)
        personas.append(Persona(next_id, english, chinese, place))
        next_id += 1
    return sorted(personas, key=lambda persona: persona.persona_id), next_id


def _matched(used: list[Scale], centres: Floats, champion: PersonaModel) -> dict[int, Persona]:
    """The champion's persona for each new centre that is nearer to it than half way to the champion's next persona."""
    here = {scale.feature: position for position, scale in enumerate(used)}
    there = {scale.feature: position for position, scale in enumerate(champion.scales)}
    shared = [feature for feature in here if feature in there]
    if not shared:
        return {}
    new, old = centres[:, [here[f] for f in shared]], champion.centres[:, [there[f] for f in shared]]
    for position, feature in enumerate(shared):
        old[:, position] = _rescaled(old[:, position], champion.scales[there[feature]], used[here[feature]])
    costs = distances(new, old)
    apart = distances(old, old)
    np.fill_diagonal(apart, np.inf)
    limits = apart.min(axis=1) / 2
    rows, columns = linear_sum_assignment(costs)
    return {
        int(row): champion.personas[int(column)]
        for row, column in zip(rows, columns, strict=True)
        if costs[row, column] <= limits[column]
    }


def _rescaled(values: Floats, before: Scale, now: Scale) -> Floats:
    plain = values * before.deviation + before.mean
    if before.is_skewed != now.is_skewed:
        raw = np.sign(plain) * np.expm1(np.abs(plain)) if before.is_skewed else plain
        plain = spread(raw, now.is_skewed)
    return np.asarray((plain - now.mean) / now.deviation)
