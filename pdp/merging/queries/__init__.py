"""Reads of possible duplicates, proposals and merges. Only what the actor may know of is ever returned."""
