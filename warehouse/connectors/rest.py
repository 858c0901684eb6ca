"""Connector `rest`: paged JSON interfaces, through dlt's client, with retries that heed `Retry-After`."""

from __future__ import annotations

from warehouse.connectors.reading import Reading, TableRequest


def read(request: TableRequest) -> Reading:
    raise NotImplementedError
