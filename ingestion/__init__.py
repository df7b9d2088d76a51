"""The job: fetch, parse, detect, store; `pipeline.py` alone knows the order."""
