-- People. What identifies a person is encrypted under the tenant's data key; look-ups go by blind index.
create table users (
    tenant_id      uuid        not null,
    user_id        uuid        not null,
    email          bytea       not null,
    email_index    bytea       not null,
    email_verified boolean     not null,
    display_name   bytea,
    -- Keyed hashes of the beginnings of the words of name and address: search without reading.
    search_terms   bytea[]     not null,
    state          text        not null check (state in ('active', 'deactivated')),
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    primary key (tenant_id, user_id)
);
create unique index users_by_email on users (tenant_id, email_index);
create index users_by_search_term on users using gin (search_terms);

create table organizations (
    tenant_id       uuid        not null,
    organization_id uuid        not null,
    name            text        not null check (length(name) between 1 and 200),
    slug            text        not null check (slug ~ '^[a-z0-9-]{1,100}$'),
    created_at      timestamptz not null,
    primary key (tenant_id, organization_id)
);
create unique index organizations_by_slug on organizations (tenant_id, slug);

create table organization_members (
    tenant_id       uuid        not null,
    organization_id uuid        not null,
    user_id         uuid        not null,
    role            text        not null check (role in ('owner', 'admin', 'billing', 'member', 'viewer')),
    joined_at       timestamptz not null,
    primary key (tenant_id, organization_id, user_id),
    foreign key (tenant_id, organization_id) references organizations on delete cascade,
    foreign key (tenant_id, user_id) references users on delete cascade
);
create index organization_members_by_user on organization_members (tenant_id, user_id);

alter table users enable row level security;
alter table users force row level security;
create policy own_tenant on users to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on users to {system} using (true) with check (true);

alter table organizations enable row level security;
alter table organizations force row level security;
create policy own_tenant on organizations to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on organizations to {system} using (true) with check (true);

alter table organization_members enable row level security;
alter table organization_members force row level security;
create policy own_tenant on organization_members to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on organization_members to {system} using (true) with check (true);

grant select, insert, update, delete on users, organizations, organization_members to {app}, {system};
