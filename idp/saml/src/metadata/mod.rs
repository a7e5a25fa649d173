//! Entity metadata: ours and theirs.
