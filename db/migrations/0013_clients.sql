-- Applications that ask for tokens.
create table clients (
    tenant_id                 uuid        not null,
    client_id                 uuid        not null,
    name                      text        not null check (length(name) between 1 and 200),
    kind                      text        not null check (kind in ('confidential', 'public')),
    grants                    text[]      not null,
    redirect_uris             text[]      not null,
    post_logout_redirect_uris text[]      not null,
    scopes                    text[]      not null,
    asks_consent              boolean     not null,
    access_token_algorithm    text        not null,
    id_token_algorithm        text        not null,
    access_token_seconds      integer     not null check (access_token_seconds between 60 and 86400),
    state                     text        not null check (state in ('active', 'disabled')),
    created_at                timestamptz not null,
    updated_at                timestamptz not null,
    primary key (tenant_id, client_id)
);

-- Several secrets may hold at once, so that a rotation signs nobody out.
create table client_secrets (
    tenant_id  uuid        not null,
    client_id  uuid        not null,
    secret_id  uuid        not null,
    hash       bytea       not null,
    hint       text        not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    primary key (tenant_id, client_id, secret_id),
    foreign key (tenant_id, client_id) references clients on delete cascade
);

alter table clients enable row level security;
alter table clients force row level security;
create policy own_tenant on clients to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on clients to {system} using (true) with check (true);

alter table client_secrets enable row level security;
alter table client_secrets force row level security;
create policy own_tenant on client_secrets to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on client_secrets to {system} using (true) with check (true);

grant select, insert, update, delete on clients, client_secrets to {app}, {system};
