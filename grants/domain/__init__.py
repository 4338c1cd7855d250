"""Sums, dates and rules of the trade, pure: no framework, no database, no clock of their own."""
