"""Run every benchmark, one after the other, and write the results: `python -m benchmarks`."""

import subprocess
import sys

from benchmarks.runs import report

SCRIPTS = (
    ("quality",),
    ("novelty",),
    ("agreement",),
    ("speed",),
    ("peers",),
    ("peers", "--clinc150"),
    ("few_shot",),
    ("zero_shot",),
    ("two_stage",),
    ("distillation",),
    ("trials",),
    ("hierarchies",),
    ("multilabel",),
    ("imbalance", "quick", "standard"),
    ("replies",),
    ("preparation",),
    ("languages",),
    ("newsgroups",),
    ("personal",),
    ("cost",),
    ("growth",),
    ("serving",),
    ("soak",),
    ("faults",),
    ("attacks",),
    ("telemetry",),
    ("near_duplicates",),
    ("pool",),
    ("active_learning",),
    ("features",),
    ("forecast",),
    ("audit",),
    ("label_errors",),
    ("label_errors", "--top", "50"),
)


def main() -> None:
    """Go on after a script that fails, and say so at the end."""
    failed = []
    for name, *options in SCRIPTS:
        report(f"benchmarks.{name}")
        command = [sys.executable, "-m", f"benchmarks.{name}", *options, *sys.argv[1:]]
        if subprocess.run(command, check=False).returncode:  # noqa: S603 -- our own command
            failed.append(name)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
