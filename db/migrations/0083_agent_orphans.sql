-- Since when nobody answers for an agent, and how many days it goes on so in this tenant.
alter table agents add column orphaned_at timestamptz;
create index agents_orphaned on agents (tenant_id, orphaned_at) where orphaned_at is not null;

alter table tenant_settings add column orphan_grace_days integer not null default 7 check (orphan_grace_days between 0 and 365);
