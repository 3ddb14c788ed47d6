// A tenant of 500 roles, 60 of them held by API members, from the fixture's own rows: large enough to
// show whether the page stays quick.
import fs from 'node:fs';

const [, , fixture, out, config] = process.argv;
const small = JSON.parse(fs.readFileSync(fixture, 'utf8'));
const umbrella = small.roles.find((role) => role.name === 'Umbrella');
const wide = small.roles.find((role) => role.name === 'Admin - API');

const ROLES = 500;
const HELD = 60;
const roles = [];
const apiMembers = [];
const members = [];
for (let i = 0; i < ROLES; i += 1) {
  const model = i < HELD && i % 2 === 1 ? wide : umbrella;
  roles.push({ ...model, id: 1000 + i, name: i < HELD ? `Integration ${i}` : `Team ${i}`, admin: false });
}
for (let i = 0; i < HELD; i += 1) {
  const member = small.api_members.find((own) => own.identifier === 'Umbrella');
  apiMembers.push({ ...member, id: 5000 + i, identifier: `svc-${i}`, name: `Service ${i}`, role: 1000 + i });
  members.push({ id: 5000 + i, licence: 'A', active: true, role: 1000 + i });
}
for (let i = HELD; i < ROLES; i += 1) members.push({ id: 9000 + i, licence: 'F', active: true, role: 1000 + i });

const settings = roles.reduce((sum, role) => sum + role.settings.length, 0);
const records = { roles: ROLES, settings, 'api-members': HELD, members: members.length, 'member-use': 0, 'own-member': 1, 'integrator-logins': 0 };
const big = {
  ...small,
  header: { ...small.header, last_use_days: {}, role_updates: {}, own_member: 5000 },
  coverage: small.coverage.map((row) => ({ ...row, records: records[row.dataset] ?? row.records })),
  members, api_members: apiMembers, member_use: [], logins: [], roles,
};
fs.writeFileSync(out, JSON.stringify(big));

const bindings = apiMembers.map(
  (member) => `[[tenant.big.integration]]\nrules = "cisco-umbrella"\nmember = "${member.identifier}"\n`,
);
const head = `[tenant.big]\nsite = "${big.tenant.site}"\ncompany = "${big.tenant.company}"\n`;
fs.writeFileSync(config, [head, ...bindings].join('\n'));
