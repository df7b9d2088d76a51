"""`python -m eval PATH`: print the measures of a suite as JSON."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from core.errors import AkashiError
from detection.ruleset import load_rules
from eval.run import evaluate


def main(arguments: list[str]) -> int:
    """Exit 0 with the report on standard output, 2 when the suite cannot be read."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m eval PATH\n")
        return 2
    try:
        report = evaluate(Path(arguments[0]), load_rules(), now=datetime.now(UTC))
    except AkashiError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    json.dump(report.to_json(), sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
