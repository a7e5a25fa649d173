-- What a logout has to know of a session when its handle is not at hand: whose it is, what its
-- source calls the person and the session, and who was told of it. Hashes are SHA-256: of the
-- source's issuer and its words, and of a relying party and what its protocol remembers.

create table sessions (
    id text not null primary key,
    account text not null,
    source text not null,
    source_name bytea not null,
    source_mark bytea,
    ends_at bigint not null,
    ended_at bigint
);

create index sessions_by_account on sessions (account);
create index sessions_by_source_name on sessions (source_name);
create index sessions_by_source_mark on sessions (source_mark) where source_mark is not null;
create index sessions_by_end on sessions (ends_at);

-- While the session lives there is no standing. When it has ended, the row itself is the notice:
-- whoever moves `due_at` on has the turn to deliver it.
create table participants (
    session text not null references sessions (id) on delete cascade,
    name bytea not null,
    relying_party text not null,
    farewell text,
    since bigint not null,
    standing text,
    tries bigint not null,
    due_at bigint,
    primary key (session, name)
);

create index participants_by_name on participants (name);
create index participants_by_due on participants (due_at) where due_at is not null;
