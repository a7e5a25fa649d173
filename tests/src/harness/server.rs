//! A running broker.
