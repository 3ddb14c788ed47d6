//! Sparks: a row of numbers as a chart of one line.

/// From nothing to the most.
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const ASCII: [char; 8] = ['_', '.', ':', '-', '=', '+', '*', '#'];

/// A chart of one line, from zero to the largest number; a gap where there is none.
pub(crate) fn line(numbers: &[Option<usize>], unicode: bool) -> String {
    let steps = if unicode { BLOCKS } else { ASCII };
    let most = numbers.iter().flatten().max().copied().unwrap_or_default();
    // What there is at all stands above nothing.
    let step = |number: usize| (number * (steps.len() - 1) / most.max(1)).max(number.min(1));
    numbers.iter().map(|number| number.map_or(' ', |number| steps[step(number)])).collect()
}

/// A chart to be drawn: the width and height of its field, and lines through its points.
pub(crate) struct Drawing {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// Path data; a gap in the numbers begins a new line.
    pub(crate) path: String,
}

impl Drawing {
    pub(crate) fn of(numbers: &[Option<usize>]) -> Self {
        const STEP: usize = 20;
        const HEIGHT: usize = 40;
        const MARGIN: usize = 2;
        let most = numbers.iter().flatten().max().copied().unwrap_or_default().max(1);
        let mut path = String::new();
        let mut before = false;
        for (i, number) in numbers.iter().enumerate() {
            if let Some(number) = number {
                let (x, y) = (i * STEP + STEP / 2, HEIGHT - MARGIN - number * (HEIGHT - 2 * MARGIN) / most);
                path.push_str(&format!("{}{x} {y}", if before { 'L' } else { 'M' }));
                // A line of no length, so that a point alone is seen.
                path.push_str("h0");
            }
            before = number.is_some();
        }
        Self { width: numbers.len().max(1) * STEP, height: HEIGHT, path }
    }
}

#[cfg(test)]
mod tests {
    use super::{Drawing, line};

    #[test]
    fn a_line_goes_from_zero_to_the_most() {
        assert_eq!(line(&[Some(0), Some(1), Some(50), Some(100)], true), "▁▂▄█");
        assert_eq!(line(&[Some(0), Some(1), Some(50), Some(100)], false), "_.-#");
    }

    #[test]
    fn what_was_not_judged_is_a_gap_and_not_zero() {
        assert_eq!(line(&[Some(2), None, Some(0)], false), "# _");
        assert_eq!(Drawing::of(&[Some(2), None, Some(0)]).path, "M10 2h0M50 38h0");
    }

    #[test]
    fn nothing_but_zero_stays_at_the_bottom() {
        assert_eq!(line(&[Some(0), Some(0)], false), "__");
        assert_eq!(Drawing::of(&[Some(0), Some(0)]).path, "M10 38h0L30 38h0");
    }
}
