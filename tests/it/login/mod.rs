//! The pages between a relying party's request and its answer.

mod choice;
mod languages;
mod tabs;
mod throttle;
