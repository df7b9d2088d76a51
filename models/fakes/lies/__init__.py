"""One mutation operator for each way in which a statement about logs can be false."""
