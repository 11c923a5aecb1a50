"""What governance decides by itself: who may hold a seat."""
