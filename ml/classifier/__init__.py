"""One mechanism for every model that foretells yes or no of customers on a night; no use case of its own."""
