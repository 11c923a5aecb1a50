"""The clocks and the life of a measure: pure, without database nor today's date."""
