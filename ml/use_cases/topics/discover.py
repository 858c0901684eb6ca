"""Finds topics without labels: non-negative matrix factorisation of tf-idf terms (Lee & Seung 1999, Nature 401:788).

The rows of the matrix are clauses, because one text often has several topics. A clause belongs to the topic with the
most similar terms, or to none.
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

#: Most terms of a topic, and the smallest weight of a term as a share of the largest.
TERMS_KEPT, LEAST_SHARE = 30, 0.05
#: Cosine similarity from which a clause belongs to a topic.
MEMBER_COSINE = 0.3
MOST_CLAUSES = 30_000
MOST_TERMS = 20_000
#: Average number of clauses per topic; fewer clauses give fewer topics.
CLAUSES_A_TOPIC = 5

Vector = dict[str, float]


@dataclass(frozen=True)
class Topics:
    """Topics as term vectors of length 1; `inverse_frequency` is the inverse document frequency of each known term."""

    vectors: tuple[Vector, ...]
    inverse_frequency: Mapping[str, float]
    stop_words: frozenset[str]

    def members(self, clauses: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Topic number (n,) and cosine similarity (n,) of each clause; topic -1 if no topic is similar enough."""
        if not self.vectors or not clauses:
            return np.full(len(clauses), -1), np.zeros(len(clauses))
        columns = {term: column for column, term in enumerate(self.inverse_frequency)}
        counts = _matrix([terms_of(clause, self.stop_words) for clause in clauses], columns)
        weights = normalize(counts @ diags([*self.inverse_frequency.values()]))
        topics = _matrix([list(vector) for vector in self.vectors], columns).tolil()
        for row, vector in enumerate(self.vectors):
            for term, weight in vector.items():
                topics[row, columns[term]] = weight
        cosines = np.asarray((weights @ topics.tocsr().T).todense())
        nearest = cosines.round(6).argmax(axis=1)
        cosine = cosines[np.arange(len(clauses)), nearest]
        return np.where(cosine >= MEMBER_COSINE, nearest, -1), cosine


def discover(
    clauses: Sequence[str], weights: npt.NDArray[np.float64], most: int, fewest: int, stop_words: frozenset[str]
) -> Topics:
    """The topics of some clauses; the same clauses give the same topics.

    Args:
        clauses: distinct clauses (n,).
        weights: number of occurrences of each clause (n,).
        most: largest number of topics.
        fewest: number of occurrences below which a term is ignored.
        stop_words: words that are no terms.
    """
    order = np.lexsort((np.array(clauses, dtype=object).astype(str), -weights))[:MOST_CLAUSES]
    occurrences = weights[order]
    documents = [terms_of(clauses[position], stop_words) for position in order]
    known = _known_terms(documents, occurrences, fewest)
    counts = _matrix(documents, known)
    kept = np.flatnonzero(np.asarray(counts.sum(axis=1)).ravel() > 0)
    number = min(most, len(kept) // CLAUSES_A_TOPIC + 1, len(known) - 1) if len(kept) else 0
    if number < 1:
        return Topics((), {}, stop_words)
    tfidf = TfidfTransformer().fit(diags(np.ones(len(kept))) @ counts[kept])
    matrix = diags(np.sqrt(occurrences[kept])) @ tfidf.transform(counts[kept])
    factor = NMF(number, init="nndsvd", random_state=SEED, max_iter=400, tol=1e-4).fit(matrix)
    names = list(known)
    vectors = [_vector(component, names) for component in factor.components_]
    by_term = dict(zip(names, (float(value) for value in tfidf.idf_), strict=True))
    return Topics(tuple(vector for vector in vectors if vector), by_term, stop_words)


def _known_terms(
    documents: Sequence[Sequence[str]], occurrences: npt.NDArray[np.float64], fewest: int
) -> dict[str, int]:
    """Column number of each term that occurs often enough, in alphabetical order."""
    totals: Counter[str] = Counter()
    for terms, count in zip(documents, occurrences, strict=True):
        for term in set(terms):
            totals[term] += int(count)
    frequent = [term for term, total in sorted(totals.items(), key=lambda item: (-item[1], item[0])) if total >= fewest]
    return {term: column for column, term in enumerate(sorted(frequent[:MOST_TERMS]))}


def _matrix(documents: Sequence[Sequence[str]], columns: Mapping[str, int]) -> csr_matrix:
    """Term counts (documents, terms)."""
    if not columns:
        return csr_matrix((len(documents), 0))
    counter = CountVectorizer(analyzer=list, vocabulary=columns)
    return counter.transform(documents).astype(np.float64)


def _vector(component: npt.NDArray[np.float64], names: Sequence[str]) -> Vector:
    """The strongest terms of a component (terms,), scaled to length 1; empty if all are 0."""
    strongest = sorted(range(len(names)), key=lambda column: (-round(float(component[column]), 9), names[column]))
    top = float(component[strongest[0]])
    kept = [column for column in strongest[:TERMS_KEPT] if top > 0 and component[column] >= LEAST_SHARE * top]
    length = float(np.sqrt(sum(component[column] ** 2 for column in kept)))
    return {names[column]: round(float(component[column]) / length, 6) for column in kept}
