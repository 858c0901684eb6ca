"""Journeys: weights of touchpoints, bends of response times and slopes of broken promises, with intervals."""
