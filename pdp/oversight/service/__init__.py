"""The watch over accesses, and the DPO's reading of the journal."""
