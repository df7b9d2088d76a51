"""Signatures (data files with their proof inside), behaviours, and the engine that scans for all of them at once."""
