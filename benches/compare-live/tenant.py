"""Writes an invented tenant of so many roles and so many members, for the simulator."""

import json
import sys

path, roles, members = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
FUNCTIONS = 112


def setting(role: int, number: int) -> dict:
    levels = {"add": "None", "edit": "None", "delete": "None", "inquire": "My"}
    return {"id": role * 1000 + number, "module": "Service Desk", "function": f"Function {number}"} | levels


def role(number: int) -> dict:
    settings = [setting(number, row) for row in range(FUNCTIONS)]
    return {"id": number, "name": f"Role {number}", "type": None, "admin": number == 1, "active": True,
            "settings": settings}


api = [{"id": 10_000 + n, "identifier": f"m{n}", "name": "M", "active": True, "role": n} for n in range(1, roles + 1)]
people = [{"id": n, "licence": "F", "active": True, "role": 1 + n % roles} for n in range(1, members + 1)]
snapshot = {
    "format": "leastwise-snapshot/1",
    "header": {"taken_at": "2026-11-21T02:00:04Z", "own_member": 10_001},
    "tenant": {"site": "na.myconnectwise.net", "company": "bench"},
    "coverage": [],
    "members": people + [{"id": m["id"], "licence": "A", "active": True, "role": m["role"]} for m in api],
    "api_members": api,
    "member_use": [],
    "logins": [],
    "roles": [role(number) for number in range(1, roles + 1)],
}
sim = {
    "keys": [{"member": 10_001, "public": "public", "private": "private"}],
    "client_ids": ["00000000-0000-4000-8000-000000000000"],
    "version": "v2025.8",
    "codebase": "v2025_8/",
    "cloud": True,
}
for name, content in ((f"{path}.json", snapshot), (f"{path}.sim.json", sim)):
    with open(name, "w", encoding="utf-8") as file:
        json.dump(content, file)
