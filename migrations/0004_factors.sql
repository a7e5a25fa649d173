-- What people can prove here besides what their sources say of them, and what they are written
-- about it. Recovery codes, access passes, devices and tokens are stored as SHA-256 only; secrets
-- and letters are sealed.

-- One row for each account that ever enrolled. `epoch` counts the changes of its factors: a device
-- that was remembered in another epoch is not remembered any more. Changes wait for each other
-- here. The handle is what authenticators know the account by, and never changes.
create table factors (
    account text not null primary key references accounts (id),
    handle bytea unique,
    totp bytea,
    totp_step bigint,
    totp_at bigint,
    epoch bigint not null,
    must_enrol boolean not null,
    changed_at bigint not null
);

-- An authenticator's name for a credential belongs to one account, ever. `site` is the relying
-- party id that the credential works for.
create table passkeys (
    id bytea not null primary key,
    account text not null references accounts (id),
    site text not null,
    name text not null,
    body text not null,
    counter bigint not null,
    created_at bigint not null
);

create index passkeys_by_account on passkeys (account);

create table recovery_codes (
    account text not null references accounts (id),
    hash bytea not null,
    used_at bigint,
    primary key (account, hash)
);

create table access_passes (
    id text not null primary key,
    account text not null references accounts (id),
    agency text not null,
    hash bytea not null unique,
    reason text not null,
    issued_by text not null,
    issued_at bigint not null,
    needs_approval boolean not null,
    approved_by text,
    approved_at bigint,
    expires_at bigint not null,
    used_at bigint
);

create index access_passes_by_account on access_passes (account);
create index access_passes_by_end on access_passes (expires_at);

-- `hash` is of the handle that counts now, those that counted before are in the next table:
-- whoever shows one of those has copied it.
create table devices (
    id text not null primary key,
    account text not null references accounts (id),
    hash bytea not null unique,
    epoch bigint not null,
    factor text not null,
    proven_at bigint not null,
    label text not null,
    created_at bigint not null,
    used_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint
);

create index devices_by_account on devices (account);
create index devices_by_end on devices (expires_at);

create table past_devices (
    hash bytea not null primary key,
    device text not null references devices (id) on delete cascade
);

create index past_devices_by_device on past_devices (device);

-- The row is gone when its letter was sent or given up. Until then whoever moves `due_at` on has
-- the turn to send it.
create table letters (
    id text not null primary key,
    sealed bytea not null,
    tries bigint not null,
    due_at bigint not null,
    until bigint not null
);

create index letters_by_due on letters (due_at);

create table api_tokens (
    hash bytea not null primary key,
    name text not null unique,
    role text not null,
    agency text,
    created_by text not null,
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    used_at bigint
);
