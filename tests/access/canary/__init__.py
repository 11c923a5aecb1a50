"""A world in which every column holds a word that cannot be there by chance, and who may read each."""
