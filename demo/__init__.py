"""The demo company: a seeded simulation of a subscription business that also sells, written as source systems."""

from demo.generate import DEFAULT_AS_OF, LANGUAGES, generate, has_company

__all__ = ["DEFAULT_AS_OF", "LANGUAGES", "generate", "has_company"]
