//! Builds the crate again when a migration is added: `sqlx::migrate!` reads the folder unseen.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
