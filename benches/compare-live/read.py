"""Roles, their settings, members and API members, as pyconnectwise is meant to be used."""

import os
import time

from pyconnectwise import ConnectWiseManageAPIClient
from pyconnectwise.endpoints.manage.SystemSecurityrolesIdSettingsEndpoint import SystemSecurityrolesIdSettingsEndpoint

started = time.perf_counter()
client = ConnectWiseManageAPIClient(
    "bench", os.environ["SITE"].removeprefix("https://"), "00000000-0000-4000-8000-000000000000", "public", "private"
)
roles = list(client.system.securityroles.paginated(1, 1000).all())
settings = []
for role in roles:
    # The library has the endpoint, but leads nobody to it.
    own = SystemSecurityrolesIdSettingsEndpoint(client, client.system.securityroles.id(role.id))
    settings += own.paginated(1, 1000).all()
# Its model of a member demands fields that the simulator does not have, so these two are taken unparsed.
members, api = (
    client._make_request("GET", f"{client._get_url()}/system/{name}", params={"pageSize": 1000}).json()
    for name in ("members", "apiMembers")
)
print(f"{time.perf_counter() - started:.3f} {len(roles)} {len(settings)} {len(members)} {len(api)}")
