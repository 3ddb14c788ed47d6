//! What every row of the API has, and how the values are read that many rows share.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::model::{Dataset, Name, Tenant};
use crate::source::connectwise::endpoint::Endpoint;

#[derive(Debug, Deserialize)]
pub(in crate::source::connectwise) struct Reference {
    pub id: Option<i64>,
    pub name: Option<String>,
}

/// What must be a JSON object. Derived code would take a list too, and give its values to fields by their
/// order.
#[derive(Debug)]
pub(in crate::source::connectwise) struct Object<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members(PhantomData))
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Members<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        T::deserialize(MapAccessDeserializer::new(members)).map(Object)
    }
}

/// A row that has an id, by which a list is checked for doubles.
pub(in crate::source::connectwise) trait Row {
    /// The model's form of it.
    type Into;

    /// `None` where the PSA sent none.
    fn id(&self) -> Option<i64>;

    /// Converts it; `Err` says what is missing.
    fn convert(self, id: i64, now: Timestamp) -> Result<Self::Into, &'static str>;

    /// Whether a row without an id can be used.
    const NEEDS_ID: bool = true;
}

/// A row of a list of which every row is kept as it comes.
pub(in crate::source::connectwise) trait PlainRow:
    Row + DeserializeOwned + 'static
{
    /// Where it is asked for, and what of it.
    fn endpoint() -> Endpoint;

    /// Its list in a tenant.
    fn slot(tenant: &mut Tenant) -> &mut Dataset<Vec<Self::Into>>;

    /// The id by which rows are put in order.
    fn order(row: &Self::Into) -> i64;

    /// Whether an empty list is one that was not read.
    const NEVER_EMPTY: bool = false;
}

pub(in crate::source::connectwise) fn name(text: Option<String>) -> Option<Name> {
    text.map(Into::into)
}

/// "Not inactive"; unknown where the PSA did not say.
pub(in crate::source::connectwise) fn active(inactive: Option<bool>) -> Option<bool> {
    inactive.map(|inactive| !inactive)
}

/// A text; anything else is passed over, and never kept.
pub(super) fn text_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Name>, D::Error> {
    deserializer.deserialize_any(TextOrNothing)
}

struct TextOrNothing;

impl<'de> Visitor<'de> for TextOrNothing {
    type Value = Option<Name>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<Name>, E> {
        Ok(Some(text.into()))
    }

    fn visit_unit<E>(self) -> Result<Option<Name>, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Option<Name>, E> {
        Ok(None)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Option<Name>, E> {
        Ok(None)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Option<Name>, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Option<Name>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<Name>, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Option<Name>, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// Whole days from a time of the PSA to now. Within a day, a time to come counts as today, because clocks differ;
/// a later one says nothing.
pub(super) fn days_since(at: Option<&str>, now: Timestamp) -> Option<u32> {
    const SECONDS_A_DAY: i64 = 24 * 60 * 60;
    let at: Timestamp = at?.parse().ok()?;
    match now.as_second() - at.as_second() {
        ahead if ahead < -SECONDS_A_DAY => None,
        seconds => Some(u32::try_from(seconds / SECONDS_A_DAY).unwrap_or(0)),
    }
}
