//! A QR code as a page draws it: with as little text as will do, for slow lines.

use std::fmt::{self, Write as _};

use idp_domain::Secret;
use qrcode::{Color, EcLevel, QrCode};

/// The blank margin that readers want, in modules (ISO/IEC 18004 section 9.1).
const QUIET: usize = 4;

/// The dark modules of a QR code as lines of an SVG path, one module wide.
///
/// Whoever sees it has the secret: it is for the page alone.
pub struct QrDrawing {
    side: usize,
    path: Secret<String>,
}

impl QrDrawing {
    /// `text` as a QR code; none if it is too long for one.
    pub(super) fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let (width, colours) = (code.width(), code.to_colors());
        // All the room at once: growing would leave unwiped copies behind. A line takes at most
        // ten bytes and no module has more than one.
        let mut path = String::with_capacity(colours.len() * 10);
        for (y, row) in colours.chunks(width).enumerate() {
            let mut x = QUIET;
            for run in row.chunk_by(|one, next| one == next) {
                if run.first() == Some(&Color::Dark) {
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{x} {}h{}", y + QUIET, run.len());
                }
                x += run.len();
            }
        }
        Some(Self { side: width + 2 * QUIET, path: Secret::new(path) })
    }

    /// The side of the whole, margin included, in modules.
    #[must_use]
    pub fn side(&self) -> usize {
        self.side
    }

    /// The lines: each runs along the upper edge of its modules.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path.expose()
    }
}

impl fmt::Debug for QrDrawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("QrDrawing(…)")
    }
}
