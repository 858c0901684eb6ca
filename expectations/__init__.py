"""Great Expectations at the two boundaries: what lands, and what is published.

GX tells the terminal hundreds of things when it is imported; its loggers are silenced here, before any module of this
package can import it.
"""

import logging
import warnings

logging.getLogger("great_expectations").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", module=r"great_expectations\..*")
warnings.filterwarnings("ignore", module=r"duckdb_engine.*")
