"""Files for the teams: the lists as CSV, XLSX and Parquet."""
