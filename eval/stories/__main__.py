"""`python -m eval.stories [--out FOLDER]`: write every suite again; same code, same bytes."""

import argparse
from pathlib import Path

from eval.stories.table import suites

SUITES = Path(__file__).parents[1] / "suites"


def write(out: Path) -> None:
    """Write each case into a folder of its own; folders of other names are left alone."""
    for name, files in suites():
        for path, content in files.items():
            target = out / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SUITES)
    write(parser.parse_args().out)


if __name__ == "__main__":
    main()
