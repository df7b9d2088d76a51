"""Servers that stand in for providers, for tests, walks and measurements without a network or a key."""
