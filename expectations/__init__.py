"""Great Expectations at the two boundaries: what lands, and what is published.

GX logs hundreds of lines on import. Its loggers are silenced here, before a module of this package imports it.
"""

import logging
import warnings

logging.getLogger("great_expectations").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", module=r"great_expectations\..*")
warnings.filterwarnings("ignore", module=r"duckdb_engine.*")
