"""The errors that a user can see. Each message names the object, what was expected, what was found, and what to do."""

from __future__ import annotations


class RapportError(Exception):
    """A failure that the user can correct; its message is one readable line."""


class ConfigurationError(RapportError):
    """`rapport.yml`, a contract, a seed file or the environment is wrong."""


class ContractError(RapportError):
    """A source does not satisfy its contract (missing table or column, changed type)."""


class SourceError(RapportError):
    """A source system cannot be reached or read."""


class CheckError(RapportError):
    """A landed table breaks an expectation marked *fail*."""


class BuildError(RapportError):
    """dbt could not build or test the warehouse."""


class ModelError(RapportError):
    """A model cannot be trained, promoted or used."""


class AuditError(RapportError):
    """A table that is about to be published breaks an expectation; the current release stays up."""


class PublishError(RapportError):
    """A release cannot be written, found or switched."""
