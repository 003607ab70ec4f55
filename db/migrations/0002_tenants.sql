-- A tenant is the wall: its users, clients, keys, audit record and settings.
create table tenants (
    tenant_id  uuid        not null primary key,
    slug       text        not null unique check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'),
    name       text        not null check (length(name) between 1 and 200),
    address    text        not null check (address in ('host', 'path')),
    state      text        not null check (state in ('active', 'suspended', 'deleted')),
    created_at timestamptz not null
);

alter table tenants enable row level security;
alter table tenants force row level security;
create policy own_tenant on tenants to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on tenants to {system} using (true) with check (true);

grant select on tenants to {app};
grant select, insert, update, delete on tenants to {system};

-- The tenant of the bare base domain is there from the beginning; its id is fixed, so that every node knows it.
-- Row security is forced, so even the owner needs a policy for the one row it writes.
create policy first_tenant on tenants for insert to current_user with check (slug = 'default');
insert into tenants (tenant_id, slug, name, address, state, created_at)
values ('00000000-0000-7000-8000-000000000001', 'default', 'Signet', 'host', 'active', now());
drop policy first_tenant on tenants;
