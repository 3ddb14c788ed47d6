//! Maps of JSON in which no key is twice: which of the two values would be meant?

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// Reads a map; a key that is there twice is an error, which names it by its number only.
pub(crate) fn each_once<'de, D, K, V>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
{
    deserializer.deserialize_map(EachOnce(PhantomData))
}

/// The same of a map that may be absent or null.
pub(crate) fn each_once_or_none<'de, D, K, V>(deserializer: D) -> Result<Option<BTreeMap<K, V>>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord,
    V: Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(bound = "K: Deserialize<'de> + Ord, V: Deserialize<'de>")]
    struct Whole<K: Ord, V>(#[serde(deserialize_with = "each_once")] BTreeMap<K, V>);

    Ok(Option::<Whole<K, V>>::deserialize(deserializer)?.map(|whole| whole.0))
}

/// Any JSON of which no object has a key twice; read for that alone.
pub(crate) struct Undoubled;

impl<'de> Deserialize<'de> for Undoubled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Undoubled {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Self, A::Error> {
        while values.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<Self, A::Error> {
        EachOnce::<String, Self>(PhantomData).visit_map(entries).map(|_| self)
    }
}

struct EachOnce<K, V>(PhantomData<(K, V)>);

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for EachOnce<K, V> {
    type Value = BTreeMap<K, V>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut all = BTreeMap::new();
        while let Some((key, value)) = entries.next_entry()? {
            if all.insert(key, value).is_some() {
                return Err(A::Error::custom(format!("key {} of an object is there twice", all.len() + 1)));
            }
        }
        Ok(all)
    }
}
