"""What the job writes and the service reads: cases, source registry and evidence lake."""
