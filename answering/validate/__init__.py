"""Claim checks, one module a kind."""
