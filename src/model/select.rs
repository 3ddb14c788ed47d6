//! What a person types to name a role or a member: an id, or a name after folding.

use super::fold::fold_name;
use super::member::ApiMember;

/// Whether what a person typed means this thing: its id, or one of its names after folding.
pub fn selects<'n>(selector: &str, id: i64, names: impl IntoIterator<Item = &'n str>) -> bool {
    let selector = selector.trim();
    let folded = fold_name(selector);
    selector == id.to_string()
        || (!folded.is_empty() && names.into_iter().any(|name| fold_name(name) == folded))
}

/// Whether what a person typed means this API member.
#[must_use]
pub fn selects_member(selector: &str, member: &ApiMember) -> bool {
    let names = std::iter::once(&*member.identifier).chain(member.name.as_deref());
    selects(selector, member.id.0, names)
}
