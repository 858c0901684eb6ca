"""The array types of the demo company."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
#: Text cells (`str` or `None`), dtype object.
Texts = npt.NDArray[np.object_]
#: A batch of rows: equally long columns by name.
Columns = dict[str, Array]
