"""A run: its stages in order, with or without Airflow, its journal, and what the terminal shows of it."""
