"""Airflow assets that the DAGs read and write, so that other teams can schedule on them."""

from __future__ import annotations

from airflow.sdk import Asset

from warehouse.contracts import source_names

SOURCES = [
    Asset(name=f"source_{source}", uri=f"rapport://sources/{source}", group="sources") for source in source_names()
]
RELEASE = Asset(name="customer_360", uri="rapport://serving/customer_360", group="releases")
MODELS = Asset(name="champion_models", uri="rapport://models/champions", group="models")
