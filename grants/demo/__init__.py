"""The demonstration: an invented network that lived through two calls, and one real round told from its source."""
