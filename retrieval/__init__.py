"""From a question to what may answer it: plan, search, fuse, pack."""
