"""Cellule PDP: empty on purpose, so that a rule imports without Flask."""
