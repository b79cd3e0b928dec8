"""Answers of a given form: from schemas and tools to a grammar that the engine follows."""
