"""Topics: what customers talk about, and which topics are mentioned more than usual."""
