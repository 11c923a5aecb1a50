"""Reads of `privacy`, one file per concern."""
