//! What reviews are bound to: a digest of what a key may do, which is another as soon as that changes.

use sha2::{Digest, Sha256};

use super::binding::BoundMember;
use super::case::Case;
use crate::model::{ApiMember, Login, Name, Role};
use crate::policy::review::{Decided, Subject};
use crate::term::text::hex;

/// The first line of what is hashed.
const FORMAT: &str = "leastwise-access/1";

/// The digest of what the keys of a member may do: member, role, every level, and what narrows them, never the
/// names of any of these. `None` where part of that could not be read, so that nobody knows.
#[must_use]
pub fn access_digest(case: &Case<'_>, member: &BoundMember<'_>) -> Option<String> {
    let role = match member.role() {
        None => "no role".to_owned(),
        Some(id) => of_role(case, case.tenant.role(id)?)?,
    };
    let active = member.active().map_or("unknown", |active| if active { "active" } else { "inactive" });
    let mut parts = vec![format!("member {}", member.id()), active.to_owned(), role];
    if let BoundMember::Api(member) = member {
        parts.extend(narrowed(case, member)?);
    }
    Some(digest(case, &parts))
}

/// The digest of an integrator login, of which nothing else is shown.
#[must_use]
pub fn login_digest(case: &Case<'_>, login: &Login) -> String {
    digest(case, &[format!("login {}", login.id), format!("{:?}", login.active)])
}

/// The latest decision about the keys of a member, and what it is worth.
#[must_use]
pub fn decided(case: &Case<'_>, subject: Subject, digest: Option<&str>) -> Option<Decided> {
    case.policy.reviews.decided(&case.tenant.id, subject, digest, case.as_of)
}

fn digest(case: &Case<'_>, parts: &[String]) -> String {
    let (site, company) = (&case.tenant.id.site, &case.tenant.id.company);
    let text = format!("{FORMAT}\n{}\n{}\n{}", site.to_lowercase(), company.to_lowercase(), parts.join("\n"));
    hex(&Sha256::digest(text))
}

fn of_role(case: &Case<'_>, role: &Role) -> Option<String> {
    // An admin role has everything, whatever its rows say.
    let gives =
        if role.is_admin()? { "everything" } else { case.summaries.get(&role.id)?.settings.as_deref()? };
    let active = role.active.map_or("unknown", |active| if active { "active" } else { "inactive" });
    Some(format!("role {} {active} {gives}", role.id))
}

/// What narrows a role for one member. Of a level the number, which a pseudonym keeps.
fn narrowed(case: &Case<'_>, member: &ApiMember) -> Option<[String; 4]> {
    let number = |name: &Name| name.chars().filter(char::is_ascii_digit).collect::<String>();
    case.tenant.member_use.rows().ok()?;
    let own = case.tenant.use_of(member.id);
    let mut boards = member.excluded_boards.clone();
    boards.sort_unstable();
    Some([
        format!("level {:?}", member.level.as_ref().map(number)),
        format!("board {} {boards:?}", member.default_board.is_some()),
        format!("location {} {:?}", member.location.is_some(), own.and_then(|own| own.restrict_location)),
        format!("department {:?}", own.and_then(|own| own.restrict_department)),
    ])
}
