//! We as service provider towards agencies.
