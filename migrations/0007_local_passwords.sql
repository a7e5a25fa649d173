-- The SHA-256 of the hash that an administrator gave last: the password itself may be hashed anew
-- since, at a sign-in, which changes no password. Unknown for accounts of before.
alter table local_accounts add column given bytea;
