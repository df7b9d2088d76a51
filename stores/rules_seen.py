"""Which rules the lines of a case were read with: a line in a small file for each version, in the case's folder."""

from pathlib import Path

from stores.disk import disk_faults

NAME = "rules-seen"


def note_rules(case_dir: Path, version: str) -> None:
    """Remember that lines were read with this version of the rules."""
    if version not in rules_seen(case_dir):
        with disk_faults(case_dir), (case_dir / NAME).open("a", encoding="ascii") as file:
            file.write(f"{version}\n")


def rules_seen(case_dir: Path) -> frozenset[str]:
    """All versions that lines of the case were read with; empty when nobody noted any."""
    try:
        return frozenset((case_dir / NAME).read_text(encoding="ascii").split())
    except (FileNotFoundError, UnicodeDecodeError):
        return frozenset()
