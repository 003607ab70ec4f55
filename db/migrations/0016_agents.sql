-- Identities of programs that act by themselves. Each has a person who answers for it.
create table agents (
    tenant_id         uuid        not null,
    agent_id          uuid        not null,
    email             text        not null check (length(email) between 3 and 255),
    agent_type        text        not null,
    version           text        not null check (length(version) between 5 and 64),
    description       text        not null check (length(description) <= 1000),
    capabilities      text[]      not null,
    deployment_env    text        not null,
    -- The owner's and the sponsor's user ids; people are another module's rows.
    owner_id          uuid        not null,
    sponsor_id        uuid,
    scopes            text[]      not null,
    token_algorithm   text        not null,
    token_seconds     integer     not null check (token_seconds between 60 and 3600),
    state             text        not null check (state in ('active', 'suspended', 'decommissioned')),
    -- Tokens carry the epoch they were issued in; raising it ends all of them.
    epoch             integer     not null,
    expires_at        timestamptz,
    created_at        timestamptz not null,
    updated_at        timestamptz not null,
    primary key (tenant_id, agent_id)
);
create unique index agents_by_email on agents (tenant_id, lower(email));
create index agents_of_owner on agents (tenant_id, owner_id);

-- Several may hold at once. The hash is of the whole secret under a key of ours.
create table agent_credentials (
    tenant_id      uuid        not null,
    agent_id       uuid        not null,
    credential_id  uuid        not null,
    hash           bytea       not null,
    -- The secret before the last rotation, for as long as the rotation said.
    previous_hash  bytea,
    previous_until timestamptz,
    hint           text        not null,
    state          text        not null check (state in ('active', 'revoked')),
    created_at     timestamptz not null,
    rotated_at     timestamptz,
    expires_at     timestamptz,
    revoked_at     timestamptz,
    primary key (tenant_id, agent_id, credential_id),
    foreign key (tenant_id, agent_id) references agents on delete cascade
);

alter table agents enable row level security;
alter table agents force row level security;
create policy own_tenant on agents to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on agents to {system} using (true) with check (true);

alter table agent_credentials enable row level security;
alter table agent_credentials force row level security;
create policy own_tenant on agent_credentials to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on agent_credentials to {system} using (true) with check (true);

grant select, insert, update, delete on agents, agent_credentials to {app}, {system};
