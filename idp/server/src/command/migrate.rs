//! `idp migrate`: brings the database up to date.

use std::path::Path;

use idp_store::Db;

use super::{Ending, one_line, settings};

/// Migrates.
pub(super) async fn run(path: &Path) -> Result<(), Ending> {
    let settings = settings(path)?;
    let wrong = |error: idp_store::StoreError| Ending::Wrong(one_line(&error));
    let db = Db::connect(settings.database.expose()).map_err(wrong)?;
    db.migrate().await.map_err(wrong)?;
    println!("the {} database is up to date", db.engine());
    db.close().await;
    Ok(())
}
