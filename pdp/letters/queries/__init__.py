"""Reads of the texts of a cellule, of what a letter is made from, and of the letters produced."""
