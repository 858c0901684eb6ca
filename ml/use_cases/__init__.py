"""One folder a use case; no use case imports another. Code that several share is outside this folder."""
