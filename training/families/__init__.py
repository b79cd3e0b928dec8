"""Families of tools: what they are called, how people ask for them, and what they answer."""
