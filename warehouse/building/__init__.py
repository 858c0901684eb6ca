"""Builds the warehouse with dbt: seeds, dbt runs, the run record, and what dbt reads back from the lake."""
