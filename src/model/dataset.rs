//! Datasets: a collection that the PSA let us read in full, or the reason why not.

use super::{DatasetName, Gap, GapCause};

/// A collection that was read in full, or the gap in its place.
///
/// The rows can be reached only through [`Dataset::rows`], whose error says why there are none:
/// a refused dataset cannot be mistaken for an empty one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dataset<T> {
    /// Every row that there is.
    Complete(T),
    /// Not read, or not in full.
    Unavailable(Gap),
}

impl<T> Dataset<T> {
    /// A dataset that is missing, and why.
    #[must_use]
    pub const fn unavailable(dataset: DatasetName, cause: GapCause) -> Self {
        Self::Unavailable(Gap::new(dataset, cause))
    }

    /// The rows.
    ///
    /// # Errors
    /// The gap, where the dataset could not be read in full.
    pub const fn rows(&self) -> Result<&T, &Gap> {
        match self {
            Self::Complete(rows) => Ok(rows),
            Self::Unavailable(gap) => Err(gap),
        }
    }
}

impl<T> Dataset<Vec<T>> {
    /// A list that cannot be empty, since the caller itself is in it: an empty one is a gap.
    #[must_use]
    pub fn never_empty(dataset: DatasetName, rows: Vec<T>) -> Self {
        if rows.is_empty() {
            return Self::unavailable(dataset, GapCause::Empty);
        }
        Self::Complete(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::{Dataset, DatasetName};

    #[test]
    fn an_empty_list_that_cannot_be_is_a_gap() {
        assert_eq!(Dataset::never_empty(DatasetName::Members, vec![1]).rows(), Ok(&vec![1]));
        let gap = Dataset::<Vec<i32>>::never_empty(DatasetName::Members, Vec::new());
        assert!(gap.rows().is_err_and(|gap| gap.dataset == DatasetName::Members));
    }
}
