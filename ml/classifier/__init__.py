"""Training, test, gate and scoring that all yes/no models of customers share; not a use case."""
