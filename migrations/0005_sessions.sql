-- What people and help desks are shown of sessions, what sessions are ended by, and what was put
-- out of use. Rows stay for thirty days after a session has ended: they are its recent sign-ins.

alter table sessions add column agency text not null default '';
alter table sessions add column started_at bigint not null default 0;
-- When the proof came that the session rests on: what is revoked at an instant is what rests on
-- an earlier one.
alter table sessions add column proven_at bigint not null default 0;
alter table sessions add column used_at bigint not null default 0;
alter table sessions add column address text not null default '';
alter table sessions add column browser text not null default '';
alter table sessions add column assurance text not null default '';
alter table sessions add column phishing_resistant boolean not null default false;
alter table sessions add column shared boolean not null default false;
alter table sessions add column device text;
alter table sessions add column ended_because text not null default '';

create index sessions_by_agency on sessions (agency, started_at, id) where ended_at is null;
create index sessions_by_source on sessions (source, started_at, id) where ended_at is null;

-- The names of the attributes that the participant was told, with spaces between them.
alter table participants add column released text not null default '';

create index participants_by_party on participants (relying_party, since, session)
    where standing is null;

-- What was ever put out of use. The rest of the federation file is not touched by it, and whoever
-- applies a file does not undo it.
create table switches (
    kind text not null,
    id text not null,
    is_off boolean not null,
    changed_at bigint not null,
    changed_by text not null,
    reason text not null,
    primary key (kind, id)
);

-- Nodes hold what is out of use in memory, and hear by this counter that it is something else.
insert into counters (name, value) values ('switches', 0);
