"""Who may ask for which address: every route, every kind of person, every kind of object."""
