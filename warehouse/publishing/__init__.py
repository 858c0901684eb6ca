"""Releases: how one is made complete, switched to, kept and rolled back."""
