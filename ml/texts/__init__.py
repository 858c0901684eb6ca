"""Reading texts in English and Chinese: words, clauses, and the texts of a night. Several use cases share it."""
