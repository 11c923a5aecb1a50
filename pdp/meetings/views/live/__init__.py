"""The séance itself: console, presence, votes, projection."""
