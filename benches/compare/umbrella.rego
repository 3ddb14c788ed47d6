# LW101 and LW102 for one integration: what its role grants below what the vendor asks for, and above.
package umbrella

import rego.v1

rank := {"None": 0, "My": 1, "All": 2}

held contains member.role if {
	some member in input.api_members
	member.identifier in data.rules.match.members
}

settings contains setting if {
	some role in input.roles
	role.id in held
	some setting in role.settings
}

needed[key] := need.level if {
	some need in data.rules.needs
	key := sprintf("%s / %s|%s", [need.module, need.function, need.verb])
}

granted[key] := level if {
	some setting in settings
	some verb in ["add", "edit", "delete", "inquire"]
	level := setting[verb]
	key := sprintf("%s / %s|%s", [setting.module, setting.function, verb])
}

findings contains sprintf("LW101|%s", [key]) if {
	some key, level in needed
	rank[granted[key]] < rank[level]
}

findings contains sprintf("LW102|%s", [key]) if {
	some key, level in granted
	rank[level] > rank[object.get(needed, key, "None")]
}
