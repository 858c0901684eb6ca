"""Topics found without labels: non-negative matrix factorisation of weighted terms (Lee & Seung 1999, Nature 401:788).

What is factorised is clauses, not texts, for one comment often speaks of two things. A clause belongs to the topic
whose terms are likest to its own, or to none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize

from ml.booster import SEED
from ml.use_cases.topics.terms import terms_of

#: Terms that are kept of a topic, and their least share of the strongest one.
TERMS_KEPT, LEAST_SHARE = 30, 0.05
#: Likeness (cosine) to a topic from which a clause belongs to it.
MEMBER_COSINE = 0.3
MOST_CLAUSES = 30_000
MOST_TERMS = 20_000
#: Clauses a topic needs on average: fewer clauses, fewer topics.
CLAUSES_A_TOPIC = 5

Vector = dict[str, float]


@dataclass(frozen=True)
class Topics:
    """Topics as vectors of terms of length one; `rarity` is the inverse document frequency of each known term."""

    vectors: tuple[Vector, ...]
    rarity: Mapping[str, float]

    def members(self, clauses: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """(topic, cosine) of each clause (n,), topic -1 where it is like none."""
        if not self.vectors or not clauses:
            return np.full(len(clauses), -1), np.zeros(len(clauses))
        columns = {term: place for place, term in enumerate(self.rarity)}
        weights = normalize(_matrix([terms_of(clause) for clause in clauses], columns) @ diags([*self.rarity.values()]))
        topics = _matrix([list(vector) for vector in self.vectors], columns).tolil()
        for row, vector in enumerate(self.vectors):
            for term, weight in vector.items():
                topics[row, columns[term]] = weight
        cosines = np.asarray((weights @ topics.tocsr().T).todense())
        likest = cosines.round(6).argmax(axis=1)
        cosine = cosines[np.arange(len(clauses)), likest]
        return np.where(cosine >= MEMBER_COSINE, likest, -1), cosine


def discover(clauses: Sequence[str], weights: npt.NDArray[np.float64], most: int, fewest: int) -> Topics:
    """At most `most` topics of different clauses (n,), each said `weights` (n,) times; a term was said `fewest` times.

    The same clauses give the same topics.
    """
    order = np.lexsort((np.array(clauses, dtype=object).astype(str), -weights))[:MOST_CLAUSES]
    chosen, said = [clauses[place] for place in order], weights[order]
    documents = [terms_of(clause) for clause in chosen]
    known = _known_terms(documents, said, fewest)
    counts = _matrix(documents, known)
    kept = np.flatnonzero(np.asarray(counts.sum(axis=1)).ravel() > 0)
    number = min(most, len(kept) // CLAUSES_A_TOPIC + 1, len(known) - 1) if len(kept) else 0
    if number < 1:
        return Topics((), {})
    rarity = TfidfTransformer().fit(diags(np.ones(len(kept))) @ counts[kept])
    matrix = diags(np.sqrt(said[kept])) @ rarity.transform(counts[kept])
    factor = NMF(number, init="nndsvd", random_state=SEED, max_iter=400, tol=1e-4).fit(matrix)
    names = list(known)
    vectors = [_vector(component, names) for component in factor.components_]
    by_term = dict(zip(names, (float(value) for value in rarity.idf_), strict=True))
    return Topics(tuple(vector for vector in vectors if vector), by_term)


def _known_terms(documents: Sequence[Sequence[str]], said: npt.NDArray[np.float64], fewest: int) -> dict[str, int]:
    """Column of each term that was said often enough, in order of the alphabet."""
    often: Counter[str] = Counter()
    for terms, times in zip(documents, said, strict=True):
        for term in set(terms):
            often[term] += int(times)
    enough = [term for term, times in sorted(often.items(), key=lambda item: (-item[1], item[0])) if times >= fewest]
    return {term: place for place, term in enumerate(sorted(enough[:MOST_TERMS]))}


def _matrix(documents: Sequence[Sequence[str]], columns: Mapping[str, int]) -> csr_matrix:
    """Counts (documents, terms)."""
    if not columns:
        return csr_matrix((len(documents), 0))
    counter = CountVectorizer(analyzer=list, vocabulary=columns)
    return counter.transform(documents).astype(np.float64)


def _vector(component: npt.NDArray[np.float64], names: Sequence[str]) -> Vector:
    strongest = sorted(range(len(names)), key=lambda place: (-round(float(component[place]), 9), names[place]))
    top = float(component[strongest[0]])
    kept = [place for place in strongest[:TERMS_KEPT] if top > 0 and component[place] >= LEAST_SHARE * top]
    length = float(np.sqrt(sum(component[place] ** 2 for place in kept)))
    return {names[place]: round(float(component[place]) / length, 6) for place in kept}
