-- First run: one row while the first administrator is to be made; done for ever once it says so.
create table setup (
    tenant_id    uuid        not null primary key,
    seed         bytea       not null,
    created_at   timestamptz not null,
    completed_at timestamptz
);

alter table setup enable row level security;
alter table setup force row level security;
create policy own_tenant on setup to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on setup to {system} using (true) with check (true);

grant select, insert, update on setup to {app}, {system};
