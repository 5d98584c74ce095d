"""``python -m sim.evidence`` prints what follows from the tables beside what ``sim.parameters`` says."""

from sim.evidence.derive import beside_judgements, defaults


def main() -> None:
    """Print the two lists."""
    print(f"{'parameter':<30} {'computed':>12} {'parameters.py':>14}  table")
    for finding in defaults():
        mark = "" if finding.rounded == finding.written else "  DIFFERS"
        print(f"{finding.name:<30} {finding.value:>12.6g} {finding.written:>14g}  {finding.tables}{mark}")
    print(f"\n{'beside judgements':<62} {'computed':>10}  table")
    for finding in beside_judgements():
        print(f"{finding.name:<62} {finding.value:>10.4g}  {finding.tables}")


if __name__ == "__main__":
    main()
