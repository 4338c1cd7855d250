"""Palabre: a call for projects, from its opening to the last report."""
