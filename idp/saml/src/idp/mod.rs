//! We as identity provider towards services.
