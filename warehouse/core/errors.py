"""The errors a user can meet: each names the thing, what was expected, what came, and what to do."""

from __future__ import annotations


class RapportError(Exception):
    """Any failure that the user can do something about; its message is one readable line."""


class ConfigurationError(RapportError):
    """`rapport.yml`, a contract or the environment says something that cannot be followed."""


class ContractError(RapportError):
    """A source does not give what its contract requires (missing table or column, changed type)."""


class SourceError(RapportError):
    """A source system cannot be reached or read."""


class CheckError(RapportError):
    """A landed table breaks an expectation marked *fail*."""


class BuildError(RapportError):
    """dbt could not build or test the warehouse."""


class ModelError(RapportError):
    """A model cannot be trained, promoted or used."""


class AuditError(RapportError):
    """What is about to be published breaks an expectation; yesterday's release stays up."""


class PublishError(RapportError):
    """A release cannot be written, found or switched."""
