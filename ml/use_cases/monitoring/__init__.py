"""Monitoring: drift of features and scores since training, and accuracy of earlier predictions."""
