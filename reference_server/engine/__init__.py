"""Continuous batching: who waits, who runs, and the one thread that computes."""
