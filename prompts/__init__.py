"""Versioned prompt files with declared variables, and their strict loader."""
