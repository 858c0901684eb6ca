"""Building the warehouse with dbt: running it, what it built, and what it reads back from the lake."""
