"""Chroma in process, as vector index."""
