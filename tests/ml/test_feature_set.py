import json
import math

import numpy as np
import pandas as pd

from ml.feature_set import FeatureSet, discover
from ml.lake import connect


def test_empty_and_constant_columns_are_left_out_and_attributes_become_numbers_or_categories():
    count = 100
    attributes = [
        json.dumps({"Total": " " if i == 0 else str(i), "odd \"name'": "ab"[i % 2], "id": f"x{i}", "Churn": "Yes"})
        for i in range(count)
    ]
    rows = pd.DataFrame(
        {
            "customer_key": [str(i) for i in range(count)],
            "tickets": np.arange(count, dtype=float),
            "is_vip": np.arange(count) % 2 == 0,
            "never": np.full(count, np.nan),
            "always": 3.0,
            "sometimes": np.where(np.arange(count) % 3 == 0, 1.0, np.nan),
            "attributes": attributes,
        }
    )
    connection = connect()
    connection.register("rows", rows)
    found = discover(connection, "rows", ["customer_key"], ["Total", "odd \"name'", "id", "absent"])
    assert found.names == ["tickets", "is_vip", "sometimes", "Total", "odd \"name'"]
    assert found.types == ["q", "q", "q", "q", "c"]
    fetched = connection.execute(f"select {found.select()} from rows").fetchnumpy()
    matrix = found.matrix(fetched)
    assert math.isnan(matrix[0, 3]) and matrix[7, 3] == 7
    assert list(matrix[:4, 4]) == [0, 1, 0, 1]


def test_rare_categories_form_one_category_if_they_have_enough_rows_together():
    tariffs = ["a"] * 30 + ["b"] * 30 + [f"rare {number}" for number in range(20)]
    rows = pd.DataFrame({"attributes": [json.dumps({"tariff": one}) for one in [*tariffs, None]]})
    connection = connect()
    connection.register("rows", rows)
    found = discover(connection, "rows", [], ["tariff"])
    matrix = found.matrix(connection.execute(f"select {found.select()} from rows").fetchnumpy())
    assert [found.features[0].shown(value) for value in matrix[[0, 30, 60, 79, 80], 0]] == [
        *("a", "b", "other", "other", None)
    ]


def test_a_category_absent_from_training_counts_as_missing():
    rows = pd.DataFrame({"attributes": [json.dumps({"tariff": one}) for one in ["a"] * 30 + ["b"] * 30 + ["rare"]]})
    connection = connect()
    connection.register("rows", rows)
    found = FeatureSet.from_json(discover(connection, "rows", [], ["tariff"]).to_json())
    connection.register("later", pd.DataFrame({"attributes": ['{"tariff": "new"}', '{"tariff": "b"}', "{}", None]}))
    matrix = found.matrix(connection.execute(f"select {found.select()} from later").fetchnumpy())
    assert found.features[0].categories == ("a", "b")
    assert [found.features[0].shown(value) for value in matrix[:, 0]] == [None, "b", None, None]
