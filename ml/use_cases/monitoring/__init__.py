"""Monitoring: whether tonight is still like what the models were trained on, and whether what they said came true."""
