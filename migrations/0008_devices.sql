-- The handle of a remembered device that was exchanged last, and a hash of where it was shown:
-- several windows of one browser may show it at the same instant.

alter table devices add column previous bytea;
alter table devices add column used_from bytea;
