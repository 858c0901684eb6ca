"""One folder a use case; no use case imports another. What several share lies beside this folder."""
