//! XML in and out: guarded parsing, and writing that is canonical by construction.
