"""The rules of requests, pure: life cycle, facts, pieces, and what an eligibility allows in séance."""
