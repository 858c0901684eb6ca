"""Releases: writing, switching readers, keeping and rolling back."""
