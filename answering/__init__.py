"""From the lake to a verified report: findings, outcomes, coverage, and every claim re-computed."""
