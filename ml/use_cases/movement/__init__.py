"""Movement: splits the change of a metric into the mix of customers, the drivers, and the model version."""
