"""Models: loading them, and the one that ships with the package."""
