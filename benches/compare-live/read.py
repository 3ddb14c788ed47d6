"""Roles, their settings, members and API members, as pyconnectwise is meant to be used."""

import os
import time

from pyconnectwise import ConnectWiseManageAPIClient

started = time.perf_counter()
client = ConnectWiseManageAPIClient(
    "bench", os.environ["SITE"].removeprefix("https://"), "00000000-0000-4000-8000-000000000000", "public", "private"
)
roles = list(client.system.securityroles.paginated(1, 1000).all())
settings = [row for role in roles for row in client.system.securityroles.id(role.id).settings.paginated(1, 1000).all()]
members = list(client.system.members.paginated(1, 1000).all())
api = list(client.system.apimembers.paginated(1, 1000).all())
print(f"{time.perf_counter() - started:.3f} {len(roles)} {len(settings)} {len(members)} {len(api)}")
