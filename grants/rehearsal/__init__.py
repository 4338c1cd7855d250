"""A call tried out before it opens: invented people live it through in a database of their own, thrown away afterwards."""
