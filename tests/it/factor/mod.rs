//! Second factors: who is asked for one, how people set one up and prove it, over HTTP and in real
//! Chromium.

pub(crate) mod bench;
mod chromium;
mod cluster;
mod device;
pub(crate) mod login;
mod matrix;
pub(crate) mod scene;
mod wish;
