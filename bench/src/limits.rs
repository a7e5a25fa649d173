//! What the machine can do: signatures, a Redis round trip, a bare commit. Measured in a process of
//! their own on the server's processor, one after the other, so that the figures compare.

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, UnparsedPublicKey,
};
use serde::{Deserialize, Serialize};

use crate::options::Options;
use crate::{accounting, commits, node};

/// As long as the part of a token that is signed.
const MESSAGE: [u8; 600] = [7; 600];

/// What is measured, and with what.
pub(crate) struct Wanted {
    pub(crate) seconds: Duration,
    pub(crate) folder: PathBuf,
    pub(crate) redis: String,
    pub(crate) postgres: String,
}

/// What one of something costs, in microseconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// Of the processor, in our process.
    pub(crate) cpu: f64,
    /// On the clock.
    pub(crate) wall: f64,
}

/// What the machine can do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Limits {
    pub(crate) sign_es256: Cost,
    pub(crate) verify_es256: Cost,
    pub(crate) sign_rs256: Cost,
    pub(crate) verify_rs256: Cost,
    pub(crate) redis_round_trip: Cost,
    pub(crate) commit_sqlite: Cost,
    pub(crate) commit_postgres: Cost,
}

/// Measures in a process of its own.
pub(crate) async fn measure(options: &Options) -> Result<Limits> {
    let own = std::env::current_exe()?;
    let mut command = node::measured(&own, options.pinned);
    command.arg("limits").arg(options.seconds.min(1.5).to_string()).arg(&options.folder);
    let output = command.args([&options.redis, &options.postgres]).output().await?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "limits: {}", said.trim());
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Measures, and prints a [`Limits`] as JSON.
pub(crate) async fn print(wanted: &Wanted) -> Result<()> {
    let random = SystemRandom::new();
    let p256 = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let rsa = RsaKeyPair::generate(KeySize::Rsa2048)?;
    let rsa = RsaKeyPair::from_pkcs8(rsa.as_der()?.as_ref())?;
    let mut signature = vec![0; rsa.public_modulus_len()];
    let signed = p256.sign(&random, &MESSAGE)?;
    rsa.sign(&RSA_PKCS1_SHA256, &random, &MESSAGE, &mut signature)?;
    let rsa_signed = signature.clone();
    let rsa_public = ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, rsa.public_key().as_ref())?;
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, p256.public_key().as_ref());

    let client = redis::Client::open(wanted.redis.as_str())?;
    let mut redis = client.get_multiplexed_async_connection().await?;
    redis::cmd("SET").arg("bench").arg(&MESSAGE[..]).exec_async(&mut redis).await?;
    let mut sqlite = commits::sqlite(&wanted.folder).await?;
    let mut postgres = commits::postgres(&wanted.postgres).await?;

    let limits = Limits {
        sign_es256: meter(wanted.seconds, async || {
            black_box(p256.sign(&random, &MESSAGE)?);
            Ok(())
        })
        .await?,
        verify_es256: meter(wanted.seconds, async || Ok(public.verify(&MESSAGE, signed.as_ref())?))
            .await?,
        sign_rs256: meter(wanted.seconds, async || {
            Ok(rsa.sign(&RSA_PKCS1_SHA256, &random, &MESSAGE, &mut signature)?)
        })
        .await?,
        verify_rs256: meter(wanted.seconds, async || {
            Ok(rsa_public.verify_sig(&MESSAGE, &rsa_signed)?)
        })
        .await?,
        redis_round_trip: meter(wanted.seconds, async || {
            let found: Vec<u8> = redis::cmd("GET").arg("bench").query_async(&mut redis).await?;
            black_box(found);
            Ok(())
        })
        .await?,
        commit_sqlite: meter(wanted.seconds, async || commits::commit_to_sqlite(&mut sqlite).await)
            .await?,
        commit_postgres: meter(wanted.seconds, async || {
            commits::commit_to_postgres(&mut postgres).await
        })
        .await?,
    };
    println!("{}", serde_json::to_string(&limits)?);
    Ok(())
}

/// Does `work` over and over for so long, and divides.
async fn meter(limit: Duration, mut work: impl AsyncFnMut() -> Result<()>) -> Result<Cost> {
    // The first one prepares statements and warms caches.
    work().await?;
    let pid = std::process::id();
    let (begun, before) = (Instant::now(), accounting::cpu(pid)?);
    let mut times = 0_u32;
    while begun.elapsed() < limit {
        work().await?;
        times += 1;
    }
    let used = u32::try_from(accounting::cpu(pid)? - before).context("longer than an hour")?;
    let times = f64::from(times.max(1));
    Ok(Cost { cpu: f64::from(used) / times, wall: begun.elapsed().as_secs_f64() * 1e6 / times })
}
