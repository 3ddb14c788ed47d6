//! Endpoints that are never asked for, whatever a rule file says: their answers are as good as a password.

/// Parts of a path, in lower case: the hash of a member's password, and the making of cookies.
const PARTS: [&str; 3] = ["memberhash", "tokens", "token"];

/// Whether a path leads to one.
pub(crate) fn is_forbidden(path: &str) -> bool {
    path.split(['/', '?']).any(|part| PARTS.contains(&part.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::is_forbidden;

    #[test]
    fn endpoints_whose_answer_is_a_secret_are_known_in_any_case() {
        for path in
            ["system/info/members/memberhash/x", "/system/members/x/Tokens", "MEMBERHASH", "a/token?b=1"]
        {
            assert!(is_forbidden(path), "{path}");
        }
        assert!(!is_forbidden("system/members") && !is_forbidden("service/tickets/tokenised"));
    }
}
