//! Which act goes where, and which of them are about the factors of one account.

use idp_domain::AccountId;

use super::{codes, passes, passkeys, reset};
use crate::{
    db::Conn,
    grants::Revoking,
    journal::{Act, Outcome, WriteError},
};

/// Does an act that is not done together with others of its kind. One that is refused leaves
/// nothing behind: whoever only tried to enrol something has no row that says otherwise.
pub(crate) async fn write(
    conn: &mut Conn,
    act: &Act,
    revoking: &mut Revoking,
) -> Result<Outcome, WriteError> {
    conn.execute("savepoint factors", conn.args()).await?;
    let outcome = judge(conn, act, revoking).await?;
    if outcome != Outcome::Done {
        conn.execute("rollback to savepoint factors", conn.args()).await?;
    }
    conn.execute("release savepoint factors", conn.args()).await?;
    Ok(outcome)
}

async fn judge(conn: &mut Conn, act: &Act, revoking: &mut Revoking) -> Result<Outcome, WriteError> {
    match act {
        Act::PutPasskey(act) => passkeys::put(conn, act).await,
        Act::RenamePasskey(act) => passkeys::rename(conn, act).await,
        Act::RemovePasskey(act) => passkeys::remove(conn, act, revoking).await,
        Act::PutTotp(act) => codes::put_totp(conn, act, revoking).await,
        Act::RemoveTotp(act) => codes::remove_totp(conn, act, revoking).await,
        Act::PutRecoveryCodes(act) => codes::put_codes(conn, act).await,
        Act::UseRecoveryCode(act) => codes::use_code(conn, act).await,
        Act::ResetFactors(act) => reset::reset(conn, act).await,
        Act::IssueAccessPass(act) => passes::issue(conn, act).await,
        Act::ApproveAccessPass(act) => passes::approve(conn, act).await,
        Act::UseAccessPass(act) => passes::use_pass(conn, act).await,
        _ => Ok(Outcome::Done),
    }
}

/// The account whose factors an act changes or uses.
pub(crate) fn account_of(act: &Act) -> Option<&AccountId> {
    match act {
        Act::PutPasskey(act) => Some(&act.account),
        Act::UsePasskey(act) => Some(&act.account),
        Act::RenamePasskey(act) => Some(&act.account),
        Act::RemovePasskey(act) => Some(&act.account),
        Act::PutTotp(act) => Some(&act.account),
        Act::UseTotpStep(act) => Some(&act.account),
        Act::RemoveTotp(act) => Some(&act.account),
        Act::PutRecoveryCodes(act) => Some(&act.account),
        Act::UseRecoveryCode(act) => Some(&act.account),
        Act::ResetFactors(act) => Some(&act.account),
        Act::IssueAccessPass(act) => Some(&act.account),
        Act::UseAccessPass(act) => Some(&act.account),
        Act::RememberDevice(act) => Some(&act.account),
        Act::RotateDevice(act) => Some(&act.account),
        Act::ForgetDevices(act) => Some(&act.account),
        _ => None,
    }
}
