"""The life of a measure once decided: its clocks, its conventions, its end."""
