-- The lasting memory. One text for PostgreSQL and SQLite: text, bigint seconds, bytea, boolean.
-- Text is compared byte for byte: so do SQLite by default, and PostgreSQL with every
-- deterministic collation, which those of a whole database are.
-- Handles (codes, refresh tokens, one-time values) are stored as SHA-256 only.

create table meta (
    key text not null primary key,
    value text not null
);

-- Each counts the changes of something that nodes hold in memory. A writer holds the row until
-- its commit, so numbers appear in the order of commits and a reader can ask for what is newer.
create table counters (
    name text not null primary key,
    value bigint not null
);

insert into counters (name, value) values ('federation', 0), ('keys', 0), ('revocations', 0);

-- The trail: rows are inserted and never changed. hash = SHA-256 over the row and prev.
create table audit (
    chain text not null,
    seq bigint not null,
    at bigint not null,
    kind text not null,
    reason text not null,
    body text not null,
    prev bytea not null,
    hash bytea not null,
    primary key (chain, seq)
);

create index audit_by_time on audit (at, chain, seq);

create table accounts (
    id text not null primary key,
    created_at bigint not null,
    disabled boolean not null
);

-- A first login writes the link before it knows whether an account is needed.
create table links (
    source text not null,
    issuer text not null,
    subject text not null,
    account text not null references accounts (id) deferrable initially deferred,
    created_at bigint not null,
    last_seen_at bigint not null,
    attributes text not null,
    primary key (source, issuer, subject)
);

create index links_by_account on links (account);

create table local_accounts (
    source text not null,
    username text not null,
    subject text not null,
    password_hash text,
    disabled boolean not null,
    attributes text not null,
    version bigint not null,
    updated_at bigint not null,
    primary key (source, username),
    unique (source, subject)
);

create table federation (
    kind text not null,
    id text not null,
    version bigint not null,
    doc text not null,
    deleted boolean not null,
    primary key (kind, id)
);

create index federation_by_version on federation (version);

create table keys (
    kid text not null primary key,
    purpose text not null,
    alg text not null,
    state text not null,
    created_at bigint not null,
    active_from bigint,
    retired_at bigint,
    gone_at bigint,
    sealed bytea not null,
    version bigint not null
);

-- Of several nodes that make a first key or a next one at the same time, one succeeds.
create unique index keys_one_next on keys (purpose, alg) where state = 'next';
create unique index keys_one_active on keys (purpose, alg) where state = 'active';

create table grants (
    id text not null primary key,
    relying_party text not null,
    account text not null references accounts (id),
    session text,
    bound boolean not null,
    code_hash bytea unique,
    created_at bigint not null,
    expires_at bigint not null,
    revoked_at bigint,
    body text not null
);

create index grants_by_account on grants (account);
create index grants_by_session on grants (session);
create index grants_by_end on grants (expires_at);

-- No index by grant, and so no reference either: a rotation would cost half as much again, and a
-- token whose grant is gone is found by nobody.
create table refresh_tokens (
    hash bytea not null primary key,
    grant_id text not null,
    created_at bigint not null,
    expires_at bigint not null,
    used_at bigint,
    successor bytea
);

create index refresh_tokens_by_end on refresh_tokens (expires_at);

-- `number` comes from the counter of revocations.
create table revocations (
    kind text not null,
    key text not null,
    number bigint not null,
    at bigint not null,
    until bigint not null,
    primary key (kind, key)
);

create index revocations_by_number on revocations (number);
create index revocations_by_end on revocations (until);

create table used_once (
    kind text not null,
    key bytea not null,
    until bigint not null,
    primary key (kind, key)
);

create index used_once_by_end on used_once (until);

create table consents (
    account text not null references accounts (id),
    relying_party text not null,
    what bytea not null,
    at bigint not null,
    primary key (account, relying_party)
);
