-- What an agent is filed under: key:value, in the order of the keys; a key has no colon.
alter table agents add column labels text[] not null default '{}' check (cardinality(labels) <= 32);
create index agents_by_label on agents using gin (labels);
