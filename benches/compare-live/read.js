// Roles, their settings, members and API members, as connectwise-rest is meant to be used: one after the
// other, or (`node read.js 8`) so many at once, which the caller has to see to.
const { ManageAPI } = require("connectwise-rest");

const atOnce = Number(process.argv[2] || 1);
const psa = new ManageAPI({
  companyId: "bench",
  companyUrl: process.env.SITE.replace("https://", ""),
  publicKey: "public",
  privateKey: "private",
  clientId: "00000000-0000-4000-8000-000000000000",
});

async function main() {
  const started = performance.now();
  const { SystemAPI } = psa;
  const roles = await psa.paginate(SystemAPI.getSystemSecurityRoles, {});
  let settings = 0;
  const left = roles.map((role) => role.id);
  const worker = async () => {
    for (let id = left.pop(); id !== undefined; id = left.pop()) {
      settings += (await SystemAPI.getSystemSecurityRolesByParentIdSettings(id, { pageSize: 1000 })).length;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const members = await psa.paginate(SystemAPI.getSystemMembers, {});
  const api = await psa.paginate(SystemAPI.getSystemApiMembers, {});
  const seconds = (performance.now() - started) / 1000;
  console.log(`${seconds.toFixed(3)} ${roles.length} ${settings} ${members.length} ${api.length}`);
}

main();
