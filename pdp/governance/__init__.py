"""The rules of the cellule, dated: seats and mandates, quorum, majority, with a preview."""
