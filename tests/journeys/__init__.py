"""Journeys: whole stories through the pages, from the call that opens to the project that closes."""
