"""Connectors: one module per kind of source system, found by its name.

A connector is a module of this package with two functions: `read(request)` returns a `Reading`, and
`probe(settings, source)` checks that the source can be reached and returns what was found.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Protocol, cast

from warehouse.connectors.reading import Reading, TableRequest
from warehouse.core.configuration import SourceConfig
from warehouse.core.errors import ConfigurationError
from warehouse.core.settings import Settings


class Connector(Protocol):
    """What a connector module offers."""

    def read(self, request: TableRequest) -> Reading:
        """How to read one table; see `Reading`."""

    def probe(self, settings: Settings, source: SourceConfig) -> str:
        """Check that the source can be reached; what was found, in a few words.

        Raises:
            RapportError: what was expected, found, and what to do.
        """


def connector(source: SourceConfig) -> Connector:
    """The connector module that `rapport.yml` names for a source.

    Raises:
        ConfigurationError: there is no such connector.
    """
    known = [module.name for module in iter_modules(__path__) if hasattr(_module(module.name), "probe")]
    if source.connector not in known:
        raise ConfigurationError(
            f"there is no connector '{source.connector}'; expected one of {', '.join(known)}; correct `connector` in "
            "rapport.yml"
        )
    return cast(Connector, _module(source.connector))


def _module(name: str) -> ModuleType:
    return import_module(f"{__name__}.{name}")


__all__ = ["Connector", "connector"]
