"""Bugs planted on purpose in a copy of the product: each must turn its tests red."""
