"""What the pages of every feature use: rights, forms, words, drawings."""
