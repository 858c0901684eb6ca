"""Which customers get churn reasons, and the rows of `churn_reasons`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.classifier.examples import Population
from ml.classifier.train import Classifier
from ml.feature_set import Matrix
from ml.lake import read_seed
from ml.reasons.causes import causes_of
from ml.reasons.explain import Reason, reasons_of
from ml.use_cases.churn.features import CAUSES
from warehouse.core.settings import Settings

#: For customers whom no cause pushes towards leaving: they are listed for the value at stake, and need a reason too.
NOTHING_STANDS_OUT = (
    "nothing_stands_out",
    "No unusual risk factor: listed because of the value at stake",
    "没有比一般情况更突出的流失原因：看重的是所涉价值",  # noqa: RUF001
)


class Shortlist:
    """The customers worth explaining: the `length` highest by risk and the `length` highest by value at risk."""

    def __init__(self, length: int) -> None:
        self._length = length
        self._kept: list[pd.DataFrame] = []
        self._rows: dict[str, npt.NDArray[np.float32]] = {}

    @property
    def size(self) -> int:
        return len(self.chosen())

    def offer(self, population: Population, probabilities: npt.NDArray[np.float64]) -> None:
        """Consider more customers; ties are broken by key."""
        offered = pd.DataFrame(
            {"key": population.keys, "risk": probabilities, "value": probabilities * population.value_cents}
        )
        positions = self._best(offered).index
        self._kept = [self._best(pd.concat([*self._kept, offered.loc[positions]], ignore_index=True))]
        self._rows |= {str(population.keys[position]): population.matrix[position] for position in positions}
        self._rows = {key: self._rows[key] for key in map(str, self._kept[0]["key"])}

    def _best(self, frame: pd.DataFrame) -> pd.DataFrame:
        chosen = [
            frame.sort_values([by, "key"], ascending=[False, True]).index[: self._length] for by in ("risk", "value")
        ]
        return frame.loc[chosen[0].union(chosen[1])]

    def chosen(self) -> list[str]:
        """Their keys, in order."""
        return sorted(self._rows)

    def matrix(self) -> Matrix:
        """Their features (customers, features), in the order of `chosen`."""
        return np.stack([self._rows[key] for key in self.chosen()])


def explain(settings: Settings, model: Classifier, shortlist: Shortlist) -> pd.DataFrame:
    """Up to three reasons per customer of the shortlist, the strongest first, as rows of `churn_reasons`."""
    keys = shortlist.chosen()
    if not keys:
        return pd.DataFrame()
    matrix = shortlist.matrix()
    contributions = model.contributions(matrix)
    causes = causes_of(model.features, settings.config.currency, read_seed(settings, CAUSES))
    rows = [
        {
            "customer_key": key,
            "reason_rank": rank,
            "reason_code": reason.code,
            "reason_en": reason.english,
            "reason_zh": reason.chinese,
            "contribution": reason.contribution,
        }
        for key, values, weights in zip(keys, matrix, contributions, strict=True)
        for rank, reason in enumerate(
            reasons_of(causes, values, weights) or [Reason(*NOTHING_STANDS_OUT, 0.0)], start=1
        )
    ]
    return pd.DataFrame(rows)
