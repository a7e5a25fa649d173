//! The federation file, built.
