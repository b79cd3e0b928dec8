"""One module a suite: its runs, side by side, as parts of a report."""
