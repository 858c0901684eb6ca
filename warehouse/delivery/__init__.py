"""What leaves the warehouse as files: the lists as CSV, XLSX and Parquet."""
