"""SELECT only; one module a feature. Every list and every object goes through `visibility`."""
