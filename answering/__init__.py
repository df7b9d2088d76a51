"""From lines to a verified report: behaviours, findings, outcome, claims and their checks."""
