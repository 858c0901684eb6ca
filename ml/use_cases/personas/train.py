"""K-means on the behaviour of customers; the number of personas is the one with the highest silhouette."""

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
from ml.use_cases.personas.features import Floats, Scale, matrix, scales, transformed
from ml.use_cases.personas.wording import Wording
from ml.use_cases.personas.words import name_of
from warehouse.core.errors import ModelError

FEWEST_TRAITS = 2
#: Number of customers, about, on which K-means and the silhouette are computed.
MOST_CUSTOMERS, SILHOUETTE_CUSTOMERS = 50_000, 3_000
#: Random starts of K-means.
STARTS = 5


@dataclass(frozen=True)
class Persona:
    """A group of customers: its centre (standardised traits) and its name."""

    persona_id: int
    english: str
    chinese: str
    centre: tuple[float, ...]


@dataclass(frozen=True)
class PersonaModel:
    """Personas ordered by id, the next unused id, and the silhouette by number of personas."""

    scales: tuple[Scale, ...]
    personas: tuple[Persona, ...]
    next_id: int
    silhouettes: dict[str, float]

    @property
    def centres(self) -> Floats:
        """Centres (personas, traits)."""
        return np.array([persona.centre for persona in self.personas])

    def distances(self, customers: pd.DataFrame) -> Floats:
        """Euclidean distances (n, personas) of customers to the centres."""
        return distances(matrix(customers, list(self.scales)), self.centres)

    def save(self, folder: Path, name: str) -> None:
        """Write `<name>.json`."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> PersonaModel:
        """The model that `save` wrote."""
        content = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        personas = (Persona(**{**item, "centre": tuple(item["centre"])}) for item in content["personas"])
        return cls(
            tuple(Scale(**item) for item in content["scales"]),
            tuple(personas),
            content["next_id"],
            content["silhouettes"],
        )


def fit(customers: pd.DataFrame, wording: Wording, champion: PersonaModel | None = None) -> PersonaModel:
    """The personas of these customers (ordered by key); personas that match one of the champion keep its id and name.

    Raises:
        ModelError: if there are too few customers or traits, or every number of personas gives a tiny group.
    """
    used, fewest = scales(customers, wording.traits.values()), int(wording.thresholds["persona_fewest_customers"])
    if len(customers) < fewest or len(used) < FEWEST_TRAITS:
        raise ModelError(
            f"{len(customers)} customers with {len(used)} traits that distinguish them; {fewest} customers "
            f"with {FEWEST_TRAITS} are needed"
        )
    traits = matrix(customers, used)
    traits = traits[:: max(1, -(-len(traits) // MOST_CUSTOMERS))]
    smallest_share = wording.thresholds["persona_smallest_share"]
    numbers = range(int(wording.thresholds["persona_fewest"]), int(wording.thresholds["persona_most"]) + 1)
    silhouettes, found = _candidates(traits, numbers, smallest_share)
    if not found:
        raise ModelError(f"every number of personas leaves one with less than {smallest_share:.0%} of the customers")
    centres = found[max(found, key=lambda number: (silhouettes[number], -number))]
    personas, next_id = _labelled(used, centres, wording, champion)
    shown = {str(number): round(value, 6) for number, value in silhouettes.items()}
    return PersonaModel(tuple(used), tuple(personas), next_id, shown)


def distances(traits: Floats, centres: Floats) -> Floats:
    """Euclidean distances (n, centres)."""
    return np.column_stack([np.sqrt(((traits - centre) ** 2).sum(axis=1)) for centre in centres])


def _candidates(traits: Floats, numbers: range, smallest_share: float) -> tuple[dict[int, float], dict[int, Floats]]:
    """Silhouette (Rousseeuw 1987) and centres by number of personas; centres of the largest group first.

    Numbers that give a group smaller than `smallest_share` are left out.
    """
    silhouettes, found = {}, {}
    step = max(1, -(-len(traits) // SILHOUETTE_CUSTOMERS))
    with threadpool_limits(limits=1):  # the order of sums over threads changes the last digits
        for number in numbers:
            means = KMeans(number, n_init=STARTS, random_state=SEED).fit(traits)
            sizes = np.bincount(means.labels_, minlength=number)
            if sizes.min() < smallest_share * len(traits) or len(np.unique(means.labels_[::step])) < 2:
                continue
            silhouettes[number] = float(silhouette_score(traits[::step], means.labels_[::step]))
            found[number] = means.cluster_centers_[np.argsort(-sizes, kind="stable")].round(6)
    return silhouettes, found


def _labelled(
    used: list[Scale], centres: Floats, wording: Wording, champion: PersonaModel | None
) -> tuple[list[Persona], int]:
    """Personas with the id and name of the matching persona of the champion, or with new ones; and the next id."""
    matched = _matched(used, centres, champion) if champion else {}
    next_id, personas = (champion.next_id if champion else 1), []
    taken = {persona.english for persona in matched.values()}
    for position, centre in enumerate(centres):
        coordinates = tuple(float(value) for value in centre)
        if position in matched:
            before = matched[position]
            personas.append(Persona(before.persona_id, before.english, before.chinese, coordinates))
            continue
        english, chinese = name_of([scale.feature for scale in used], centre, taken, wording)
        taken.add(english)
        personas.append(Persona(next_id, english, chinese, coordinates))
        next_id += 1
    return sorted(personas, key=lambda persona: persona.persona_id), next_id


def _matched(used: list[Scale], centres: Floats, champion: PersonaModel) -> dict[int, Persona]:
    """The champion's persona that each new centre continues, by position.

    Centres are matched one to one with the smallest total distance (Kuhn 1955). A match counts if the distance is at
    most half the distance of the champion's persona to its nearest neighbour.
    """
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
    """Convert coordinates that were standardised by `before` to the scale `now`."""
    plain = values * before.deviation + before.mean
    if before.is_skewed != now.is_skewed:
        raw = np.sign(plain) * np.expm1(np.abs(plain)) if before.is_skewed else plain
        plain = transformed(raw, now.is_skewed)
    return np.asarray((plain - now.mean) / now.deviation)
