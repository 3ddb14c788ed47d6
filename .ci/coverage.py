"""Line coverage by module, from the summary that cargo-llvm-cov writes; fails where what judges has under 95 %."""

import json
import pathlib
import sys

FLOOR = 95
JUDGES = ["audit", "checks", "diff", "exit"]


def main(path):
    files = json.loads(pathlib.Path(path).read_text())["data"][0]["files"]
    lines = {}
    for file in files:
        inside = file["filename"].rpartition("/src/")[2]
        module = inside.split("/")[0].removesuffix(".rs")
        counted, covered = lines.get(module, (0, 0))
        of_file = file["summary"]["lines"]
        lines[module] = (counted + of_file["count"], covered + of_file["covered"])
    low = []
    for module, (counted, covered) in sorted(lines.items()):
        percent = 100 * covered / counted if counted else 100
        print(f"{module:12} {covered:6} of {counted:6} lines  {percent:6.2f} %")
        if module in JUDGES and percent < FLOOR:
            low.append(module)
    missing = [module for module in JUDGES if module not in lines]
    if low or missing:
        sys.exit(f"error: under {FLOOR} %: {low}; not measured: {missing}")


main(sys.argv[1])
