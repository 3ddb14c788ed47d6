"""The same rules as a script that somebody would write instead: LW101 and LW102 for one integration."""

import json
import resource
import sys
import time

RANK = {"None": 0, "My": 1, "All": 2}
VERBS = ("add", "edit", "delete", "inquire")


def audit(snapshot, rules):
    needed = {}
    for need in rules["needs"]:
        needed[f"{need['module']} / {need['function']}", need["verb"]] = RANK[need["level"]]
    names = set(rules["match"]["members"])
    held = {member["role"] for member in snapshot["api_members"] if member["identifier"] in names}
    findings = set()
    for role in snapshot["roles"]:
        if role["id"] not in held:
            continue
        for setting in role["settings"]:
            function = f"{setting['module']} / {setting['function']}"
            for verb in VERBS:
                granted, need = RANK[setting[verb]], needed.get((function, verb), 0)
                if granted != need:
                    findings.add(f"{'LW101' if granted < need else 'LW102'}|{function}|{verb}")
    return findings


def main():
    path, rules = sys.argv[1:]
    start = time.perf_counter()
    with open(path, encoding="utf-8") as file:
        snapshot = json.load(file)
    with open(rules, encoding="utf-8") as file:
        findings = audit(snapshot, json.load(file))
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak, "findings": sorted(findings)}))


main()
