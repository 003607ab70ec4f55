-- What a tenant decides about itself; without a row, everything is as for everybody.
create table tenant_settings (
    tenant_id         uuid        not null primary key,
    -- What people see; null: the name the tenant was given.
    display_name      text        check (length(display_name) between 1 and 200),
    -- One colour, or each token in both schemes; null: our own colours.
    brand             jsonb,
    registration_open boolean     not null default true,
    updated_at        timestamptz not null
);

alter table tenant_settings enable row level security;
alter table tenant_settings force row level security;
create policy own_tenant on tenant_settings to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on tenant_settings to {system} using (true) with check (true);

grant select, insert, update on tenant_settings to {app}, {system};
