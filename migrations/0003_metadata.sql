-- The last good metadata of peers that publish it: one row for each entry of the federation that
-- names an address. What is over is deleted when nobody has renewed it for long.
-- `number` comes from the counter of metadata, and moves only when the document does.

insert into counters (name, value) values ('metadata', 0);

create table metadata (
    entry text not null primary key,
    url text not null,
    document text,
    number bigint not null,
    fetched_at bigint,
    due_at bigint not null,
    failures bigint not null,
    version bigint not null
);

create index metadata_by_number on metadata (number);
create index metadata_by_due on metadata (due_at);
