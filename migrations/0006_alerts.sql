-- Which rows of the trail somebody should look at now, in the order of commits: whoever has seen a
-- position has seen all below it. The rows of the trail stay as they are.

create table alerts (
    position bigint not null primary key,
    at bigint not null,
    chain text not null,
    seq bigint not null,
    unique (chain, seq)
);

create index alerts_by_time on alerts (at, position);

-- Inside a text of JSON its quotes are escaped, so that this is found nowhere else.
insert into alerts (position, at, chain, seq)
    select row_number() over (order by at, chain, seq), at, chain, seq
    from audit where body like '%"alert":true%';

insert into counters (name, value) select 'alerts', count(*) from alerts;
