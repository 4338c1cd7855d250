"""WHEN an action is possible and WHAT FOLLOWS from it: tables and pure functions."""
