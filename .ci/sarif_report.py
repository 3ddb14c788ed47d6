"""Fails if multitool's report on a SARIF log has a result that is more than advice, or is no report on it."""

import json
import sys

# Advice that is not taken, and why.
NOT_TAKEN = {
    ("SARIF2002", "Note_Default"): "GitHub shows no message without its text",
    ("SARIF2003", "Note_Default"): "a tenant stands in no repository",
    ("SARIF2005", "Warning_ProvideToolnformationUri"): "the project has no address of its own",
    ("SARIF2006", "Note_Default"): "depends on the network of this machine",
    ("SARIF2009", "Note_HierarchicalIdOnDescriptor"): "GitHub takes the severity from the rule: LW102/high",
    ("SARIF2010", "Note_Default"): "there is no code to show",
    ("SARIF2011", "Note_Default"): "there is no code to show",
    ("SARIF2012", "Note_ProvideHelpUri"): "the help is in the log itself",
}

report, log = sys.argv[1:]
with open(report, encoding="utf-8-sig") as file:
    runs = json.load(file)["runs"]
if not runs or any("results" not in run for run in runs):
    sys.exit(f"error: multitool did not judge {log}")
results = [result for run in runs for result in run["results"]]
problems = [result for result in results if (result["ruleId"], result["message"].get("id")) not in NOT_TAKEN]
for result in problems:
    line = result["locations"][0]["physicalLocation"].get("region", {}).get("startLine", "?")
    print(f"{log}:{line}: {result['ruleId']} {json.dumps(result['message'])}")
if problems:
    sys.exit(f"error: multitool objects to {log}")
print(f"{log}: nothing to object to ({len(results)} pieces of advice not taken)")
