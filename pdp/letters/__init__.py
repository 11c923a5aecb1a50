"""Letters to the insured and to partners, and the standard texts of a cellule."""
