//! Statements over many rows at once: `values ($1, $2), ($3, $4), …`, one text for each count.
//!
//! Counts are rounded to few, so that every text is prepared once and then kept.

use std::{
    collections::BTreeMap,
    fmt::Write,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Args, Conn, Row, conn::Sql};

/// A statement around a list of rows.
pub(crate) struct Many {
    head: &'static str,
    width: usize,
    tail: &'static str,
    made: Mutex<BTreeMap<usize, Arc<str>>>,
}

impl Many {
    /// The statement `head (…), (…) tail`, with rows of `width` values.
    pub(crate) const fn new(head: &'static str, width: usize, tail: &'static str) -> Self {
        Self { head, width, tail, made: Mutex::new(BTreeMap::new()) }
    }

    /// Runs the statement over all `items`, and returns the rows of `table` that it returns.
    pub(crate) async fn fetch<T>(
        &self,
        conn: &mut Conn,
        table: &'static str,
        items: &[T],
        bind: impl Fn(&mut Args, &T),
    ) -> Result<Vec<Row>, sqlx::Error> {
        let mut rows = Vec::new();
        let mut rest = items;
        while let Some((piece, later)) = rest.split_at_checked(piece(rest.len())) {
            if piece.is_empty() {
                break;
            }
            rest = later;
            let mut args = conn.args();
            for item in piece {
                bind(&mut args, item);
            }
            let mut found = conn.fetch(table, self.sql(piece.len()), args).await?;
            if rows.is_empty() {
                rows = found;
            } else {
                rows.append(&mut found);
            }
        }
        Ok(rows)
    }

    fn sql(&self, rows: usize) -> Sql {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let text = made.entry(rows).or_insert_with(|| self.text(rows).into());
        Sql::Kept(text.clone())
    }

    fn text(&self, rows: usize) -> String {
        let mut text = self.head.to_owned();
        for row in 0..rows {
            text.push_str(if row == 0 { " (" } else { ", (" });
            for column in 0..self.width {
                let comma = if column == 0 { "" } else { ", " };
                // Writing to a string cannot fail.
                let _ = write!(text, "{comma}${}", row * self.width + column + 1);
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(self.tail);
        text
    }
}

/// How many of `left` rows the next statement takes.
fn piece(left: usize) -> usize {
    match left {
        0..=8 => left,
        9..=15 => 8,
        16..=31 => 16,
        32..=63 => 32,
        64..=255 => 64,
        _ => 256,
    }
}

#[cfg(test)]
mod tests {
    use super::{Many, Sql, piece};

    #[test]
    fn a_row_more_is_a_bracket_more() {
        let many = Many::new("insert into t (a, b) values", 2, "returning a");
        let text = |rows| match many.sql(rows) {
            Sql::Kept(text) => text.to_string(),
            Sql::Fixed(text) => text.to_owned(),
        };
        assert_eq!(text(1), "insert into t (a, b) values ($1, $2) returning a");
        assert_eq!(text(2), "insert into t (a, b) values ($1, $2), ($3, $4) returning a");
    }

    #[test]
    fn pieces_come_to_the_whole() {
        for rows in 0..900 {
            let mut left = rows;
            while left > 0 {
                let piece = piece(left);
                assert!((1..=left).contains(&piece), "{piece} of {left}");
                left -= piece;
            }
        }
    }
}
