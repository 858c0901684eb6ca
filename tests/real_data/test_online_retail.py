"""Online Retail, the night of 2011-09-09: lapse churn within 90 days, learnt from earlier nights only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import duckdb
import pytest
from sklearn.metrics import roc_auc_score

from ml.metrics import expected_calibration_error
from tests.company import Company
from tests.real_data.conftest import query, source

NIGHT = date(2011, 9, 9)
HORIZON = timedelta(days=90)


@pytest.fixture(scope="module")
def company(run_example: Callable[[str], Company]) -> Company:
    return run_example("online_retail")


def _invoices() -> str:
    return str(source("online_retail", "online_retail_I_2010-12_2011-12.parquet"))


def test_lapse_churn_is_ranked_and_calibrated_out_of_time(company: Company) -> None:
    with duckdb.connect(str(company.published), read_only=True) as reader:
        scored = reader.execute(
            """
            with bought_later as (
                select distinct customerid::bigint::varchar as customer_id from read_parquet(?)
                where customerid is not null and quantity > 0 and unitprice > 0
                    and invoicedate >= ? and invoicedate < ?
            )
            select churn_probability, bought_later.customer_id is null as has_lapsed
            from scores.churn
            join marts.dim_customers using (customer_key)
            left join bought_later using (customer_id)
            where is_current
            order by customer_key
            """,
            [_invoices(), NIGHT, NIGHT + HORIZON],
        ).df()
    assert len(scored) == 3362
    assert roc_auc_score(scored["has_lapsed"], scored["churn_probability"]) >= 0.735
    error = expected_calibration_error(scored["has_lapsed"].to_numpy(), scored["churn_probability"].to_numpy())
    assert error <= 0.07


def test_every_row_is_accounted_for(company: Company) -> None:
    accounts = query(
        company,
        """
        select landed, used, quarantined, superseded from quality.row_accounts
        where source = 'crm' and table_name = 'orders'
        """,
    )
    expected = duckdb.execute(
        "select count(*), count(customerid) from read_parquet(?) where invoicedate < ?", [_invoices(), NIGHT]
    ).fetchall()[0]
    landed, used, quarantined, superseded = accounts[0]
    assert (landed, used + superseded) == expected
    assert landed == used + quarantined + superseded


def test_orders_and_revenue_are_those_of_the_invoices(company: Company) -> None:
    published = query(
        company,
        """
        select count(*) filter (gross_cents > 0), count(distinct customer_key) filter (gross_cents > 0),
            sum(gross_cents), sum(refund_cents) from marts.fct_orders
        """,
    )[0]
    expected = duckdb.execute(
        """
        select count(distinct invoiceno) filter (quantity > 0 and unitprice > 0),
            count(distinct customerid) filter (quantity > 0 and unitprice > 0),
            sum(quantity * unitprice) filter (quantity > 0), -sum(quantity * unitprice) filter (quantity < 0)
        from read_parquet(?) where invoicedate < ? and customerid is not null
        """,
        [_invoices(), NIGHT],
    ).fetchall()[0]
    assert published[:2] == expected[:2]
    assert float(str(published[2])) / 100 == pytest.approx(expected[2], abs=0.5)
    assert float(str(published[3])) / 100 == pytest.approx(expected[3], abs=0.5)


def test_rfm_and_the_list_are_published(company: Company) -> None:
    rfm = query(company, "select count(*), count(distinct segment_code) from marts.customer_rfm")[0]
    assert rfm[0] == 3362
    assert int(str(rfm[1])) >= 5
    ranks = query(company, "select list_rank, reason_1 from marts.retention_risk_list order by list_rank")
    assert [rank for rank, _ in ranks] == list(range(1, len(ranks) + 1))
    assert ranks and all(reason for _, reason in ranks)
