"""Reads of `factors`, one file per concern."""
