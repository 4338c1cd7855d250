"""Doors to the world: documents, mails, stored files and uploads; values come as arguments, no settings are read."""
