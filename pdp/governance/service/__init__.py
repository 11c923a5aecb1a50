"""Governance: the rules of the cellule with their history, its seats and mandates."""
