"""Pure rules: how two records compare, what may be decided of them, what an undoing gives back."""
