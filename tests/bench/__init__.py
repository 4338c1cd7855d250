"""The benchmark: our pages beside what the same libraries do at best, measured in turn in one run. Never a timed test."""
