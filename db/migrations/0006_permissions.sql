-- One role a person in a tenant; who has none is an ordinary user.
create table role_assignments (
    tenant_id  uuid        not null,
    user_id    uuid        not null,
    role       text        not null check (role in ('auditor', 'admin', 'owner')),
    granted_at timestamptz not null,
    primary key (tenant_id, user_id)
);

-- Keys for programs. A key acts for the person who made it, within its scopes and never beyond that person's role.
create table api_keys (
    tenant_id    uuid        not null,
    api_key_id   uuid        not null,
    user_id      uuid        not null,
    name         text        not null check (length(name) between 1 and 100),
    scopes       text[]      not null,
    token_hash   bytea       not null,
    hint         text        not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    primary key (tenant_id, api_key_id)
);
create unique index api_keys_by_token on api_keys (tenant_id, token_hash);

alter table role_assignments enable row level security;
alter table role_assignments force row level security;
create policy own_tenant on role_assignments to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on role_assignments to {system} using (true) with check (true);

alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy own_tenant on api_keys to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on api_keys to {system} using (true) with check (true);

grant select, insert, update, delete on role_assignments, api_keys to {app}, {system};
