"""Reads of the watch over accesses."""
