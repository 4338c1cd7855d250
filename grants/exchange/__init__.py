"""Files that people take away and bring back: bytes in, plain data out, and the other way round. No database here."""
