//! A rule file: what one integration needs of its role, with where that is written and since when.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;

use super::catalog::FunctionId;
use super::doubt::Doubt;
use super::facts::Fact;
use super::need::{Needs, Target};
use crate::model::Level;

/// What one integration needs, and how to recognise it.
#[derive(Clone, Debug)]
pub struct RuleFile {
    /// Kebab-case name, the file's own.
    pub id: String,
    /// Who makes the product.
    pub vendor: String,
    /// The product.
    pub product: String,
    /// Where the needs are published; `None` where no address was recorded.
    pub source: Option<String>,
    /// The day the source was last read.
    pub read: Date,
    /// What the source says of its own date.
    pub published: Option<String>,
    /// When API keys replaced user names and passwords.
    pub keys_since: Option<Date>,
    /// The source covers only part of what the product needs: what is beyond it may be needed too.
    pub partial: bool,
    /// What the source leaves open about the whole table.
    pub unclear: Vec<String>,
    /// What the source leaves open about functions that it may not name.
    pub doubts: Vec<Doubt>,
    /// The vendor asks for Admin and publishes no list: what it needs is not known.
    pub asks_admin: Option<AsksAdmin>,
    /// How to see that the integration works.
    pub test: Option<String>,
    /// GET paths that the integration itself calls, relative to the API's base.
    pub probes: Vec<String>,
    /// How to recognise it in a tenant.
    pub matches: Match,
    /// What it needs whatever is switched on.
    pub needs: Needs,
    /// What its options and variants need, by name.
    pub features: BTreeMap<String, Feature>,
    /// What the source says about the API member itself.
    pub member: MemberAdvice,
    /// Where less than the vendor asks would do.
    pub advice: Advice,
    /// What remains to be done in the vendor's console.
    pub checklist: Option<Checklist>,
    /// What the vendor says of its own side.
    pub facts: Vec<Fact>,
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// Where the file came from.
    pub origin: Origin,
}

/// Where a rule file came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Embedded in the program.
    BuiltIn,
    /// Read from a file.
    File(PathBuf),
}

/// That a vendor asks for Admin and publishes no list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AsksAdmin {
    /// What it says about that, in our words.
    pub says: Option<String>,
}

/// Names by which an integration is recognised: equality after folding, never a substring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Match {
    /// Names of its security role.
    pub roles: Vec<String>,
    /// Identifiers or names of its API member.
    pub members: Vec<String>,
    /// User names of its integrator login, from before keys.
    pub logins: Vec<String>,
}

/// An option or a variant of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feature {
    /// What it is, in a sentence.
    pub summary: String,
    /// Where its needs are published, where that is another page than the file's.
    pub source: Option<String>,
    /// The day that page was last read.
    pub read: Option<Date>,
    /// What it needs beside the base.
    pub needs: Needs,
}

/// What the source says about the API member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberAdvice {
    /// Which level it should have.
    pub level: Option<String>,
    /// Which location and department.
    pub location: Option<String>,
    /// Which boards.
    pub boards: Option<String>,
    /// Anything else.
    pub notes: Vec<String>,
}

/// Where less than the vendor asks would do, and how sure that is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// Remarks on the whole role.
    pub notes: Vec<Note>,
    /// Levels that would do instead.
    pub levels: Vec<AdvisedLevels>,
}

/// A remark, proven or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The remark.
    pub text: String,
    /// Whether somebody tried it.
    pub proven: bool,
}

/// Levels that would do for one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdvisedLevels {
    /// Which function or module.
    pub target: Target,
    /// The level of each verb that is advised on.
    pub levels: [Option<Level>; 4],
    /// Why.
    pub why: String,
    /// Whether somebody tried it.
    pub proven: bool,
}

/// What remains to be done in the vendor's console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checklist {
    /// Which console.
    pub console: Option<String>,
    /// The steps, in order.
    pub steps: Vec<String>,
    /// What looks like a fault and is none.
    pub normal: Vec<String>,
}

impl RuleFile {
    /// The base's needs, then each feature's with its name.
    pub fn all_needs(&self) -> impl Iterator<Item = (Option<&str>, &Needs)> {
        let features = self.features.iter().map(|(name, feature)| (Some(name.as_str()), &feature.needs));
        std::iter::once((None, &self.needs)).chain(features)
    }

    /// What the source leaves open about a function, if anything.
    #[must_use]
    pub fn doubt_on(&self, function: FunctionId) -> Option<&Doubt> {
        self.doubts.iter().find(|doubt| doubt.functions.contains(&function))
    }

    /// Whether what is beyond the file may be needed too.
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        self.partial
    }

    /// Whether the vendor asks for Admin and publishes no list.
    #[must_use]
    pub const fn asks_admin(&self) -> bool {
        self.asks_admin.is_some()
    }

    /// What that vendor says about it, in our words.
    #[must_use]
    pub fn vendor_says(&self) -> Option<&str> {
        self.asks_admin.as_ref().and_then(|asks| asks.says.as_deref())
    }

    /// How to see that the integration works, where its vendor says so.
    #[must_use]
    pub fn test(&self) -> Option<&str> {
        self.test.as_deref()
    }

    /// When API keys replaced user names and passwords.
    #[must_use]
    pub const fn keys_since(&self) -> Option<Date> {
        self.keys_since
    }

    /// A name for people: vendor and product.
    #[must_use]
    pub fn title(&self) -> String {
        if self.product.starts_with(&self.vendor) {
            return self.product.clone();
        }
        format!("{} {}", self.vendor, self.product)
    }
}
