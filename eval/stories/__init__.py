"""Stories: seeded incidents on one imaginary site, written as nginx, Apache and authentication logs with their truth.

A story is a list of actors (visitors, crawlers, monitors, an office behind one address, programs, attackers) acting
over time. The same story is written as each server would log it, so that what differs between two suites is the log
format only. `python -m eval.stories` writes all suites again; the same code gives the same bytes on every machine.
Every payload is written for this project; addresses are documentation and benchmarking ranges, except those of known
crawlers.
"""
