"""Breaking things on purpose, with real servers, and counting what is lost."""
