"""The three tiers of tests: what each proves, and which tests belong to it.

- `unit`, run by `make check`: one room at a time (rules, formulas, contracts, messages). No night is run.
- `proof`, run by `make test` and CI together with `unit`: what a night promises, on the demo company. A killed night, a
  late night, a backfill in Airflow, an incremental run equal to a full refresh, readers who see whole releases only,
  every dbt test; one real data set of each kind; one small build on Spark.
- `slow`, run by `make test-all` together with both: the same on more. All real data sets, every published table on
  Spark, a million customers, twenty seeds, the house's own training recipe.

A test is `slow` or `proof` where it or its file is marked so, `proof` in the places of `PROOF`, otherwise `unit`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

TIERS = ("unit", "proof", "slow")
#: Folders and files whose tests build with dbt, run nights, start services, audit a whole warehouse or train often.
PROOF = (
    "tests/dags",
    "tests/dbt_project",
    "tests/e2e",
    "tests/expectations/test_audit.py",
    "tests/ml/test_add_a_model.py",
    "tests/ml/test_fallback.py",
    "tests/ml/test_killed_training.py",
    "tests/ml/use_cases/churn/test_gate.py",
    "tests/ml/use_cases/contact",
    "tests/ml/use_cases/effect",
    "tests/ml/use_cases/value",
    "tests/real_data",
    "tests/spark",
    "tests/warehouse/building/test_transform.py",
)
#: Files whose tests share what a fixture builds once for the folder: one process runs them.
SHARED = (
    "tests/dbt_project/journey",
    "tests/dbt_project/service",
    "tests/dbt_project/surveys",
    "tests/dbt_project/value",
    "tests/demo",
)
#: What takes longest starts first, so that no process waits for the other at the end.
LONGEST_FIRST = (
    "tests/e2e/test_airflow.py",
    "tests/spark",
    "tests/real_data",  # before the rest of e2e, whose shared homes the first file is building meanwhile
    "tests/e2e",
    "tests/dbt_project/test_empty_company.py",
    "tests/dbt_project/test_incremental_identity.py",
    "tests/dbt_project",
    "tests/dags",
    "tests/warehouse/building",
    "tests/expectations",
    "tests/ml",
)


def tier_of(nodeid: str, markers: Iterable[str]) -> str:
    """The tier of a test from its id and the names of its markers.

    Raises:
        ValueError: where it is marked with more than one tier.
    """
    marked = sorted(set(markers) & set(TIERS))
    if len(marked) > 1:
        raise ValueError(f"{nodeid} is marked {' and '.join(marked)}; a test belongs to one tier")
    if marked:
        return marked[0]
    places = tuple(f"{place}::" if place.endswith(".py") else f"{place}/" for place in PROOF)
    return "proof" if nodeid.startswith(places) else "unit"


def place_in_order(nodeid: str) -> int:
    """Where a test stands among those that start first; equal for all others."""
    return next((place for place, start in enumerate(LONGEST_FIRST) if nodeid.startswith(start)), len(LONGEST_FIRST))


def scope_of(nodeid: str, shared: Sequence[str] = SHARED) -> str:
    """The group of tests that runs in one process: a file, or a folder of `SHARED`."""
    file = nodeid.split("::", 1)[0]
    folder = file.rpartition("/")[0]
    return folder if folder in shared else file
