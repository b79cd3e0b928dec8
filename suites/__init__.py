"""Suites: families of questions put to a server."""
