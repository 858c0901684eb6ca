"""Topics: what customers talk about, and what suddenly more of them talk about."""
