"""Chunks: the lines of one (time window, source IP), folded to templates."""
