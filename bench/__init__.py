"""`make bench`: logs with known attacks, and Akashi measured on them beside wc, grep, GoAccess and lnav in one run."""
