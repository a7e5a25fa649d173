//! What the kernel says of processes: processor time, memory, and who else was busy.

use std::fs;

use anyhow::{Context as _, Result};

/// Microseconds in one of the kernel's ticks (`USER_HZ` is 100 wherever Linux runs).
const TICK: u64 = 10_000;

/// The processor time of a process, user and system, in microseconds.
pub(crate) fn cpu(pid: u32) -> Result<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).context("the process is gone")?;
    used(&text).context("/proc/PID/stat speaks otherwise")
}

fn used(stat: &str) -> Option<u64> {
    // The name may hold anything; what follows its last bracket is numbers, the state first.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut times = fields.split(' ').skip(11).take(2).map(str::parse::<u64>);
    Some((times.next()?.ok()? + times.next()?.ok()?) * TICK)
}

/// The resident memory of a process in MiB.
pub(crate) fn resident(pid: u32) -> Result<f64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).context("the process is gone")?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    let kib: f64 = kib.context("no VmRSS")?.parse()?;
    Ok(kib / 1_024.0)
}

/// How long the first processor was busy since the machine started, in microseconds.
pub(crate) fn first_processor() -> Result<u64> {
    let text = fs::read_to_string("/proc/stat")?;
    let line = text.lines().find(|line| line.starts_with("cpu0 ")).context("no cpu0")?;
    let times: Vec<u64> =
        line.split_whitespace().skip(1).map_while(|time| time.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal
    let busy = times.iter().take(8).enumerate().filter(|(place, _)| !matches!(place, 3 | 4));
    Ok(busy.map(|(_, time)| time).sum::<u64>() * TICK)
}

/// What processor this is, in the words of its maker, and how many there are.
pub(crate) fn machine() -> String {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.and_then(|line| line.split_once(':')).map_or("unknown", |(_, name)| name);
    let count = text.lines().filter(|line| line.starts_with("processor")).count();
    format!("{count} processors, {}", model.trim())
}

#[cfg(test)]
mod tests {
    use super::used;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let stat = "7 (a) b) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20 0";
        assert_eq!(used(stat), Some(3_000_000));
    }
}
