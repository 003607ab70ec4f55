-- A tenant as a federation entity: what its operator states, its own keys, and what it has signed ahead.
create table federation_entities (
    tenant_id  uuid        not null,
    enabled    boolean     not null,
    settings   text        not null check (length(settings) <= 262144),
    version    bigint      not null,
    updated_at timestamptz not null,
    primary key (tenant_id)
);

-- Federation keys, never those that sign tokens. A historical key stays for as long as its tenant does.
create table federation_keys (
    tenant_id    uuid        not null,
    kid          text        not null,
    algorithm    text        not null,
    state        text        not null check (state in ('announced', 'active', 'retiring', 'historical')),
    -- Encrypted; gone once the key signs nothing any more.
    private_jwk  bytea,
    public_jwk   text        not null,
    created_at   timestamptz not null,
    activated_at timestamptz,
    retiring_at  timestamptz,
    ended_at     timestamptz,
    revoked      text,
    primary key (tenant_id, kid),
    check ((state in ('announced', 'active')) = (private_jwk is not null)),
    check ((state = 'historical') = (ended_at is not null))
);
create unique index federation_keys_one_active on federation_keys (tenant_id, algorithm) where state = 'active';
create unique index federation_keys_one_announced on federation_keys (tenant_id, algorithm) where state = 'announced';

-- What goes out as it is here: our configuration, the historical keys, statements about subordinates.
create table federation_statements (
    tenant_id  uuid        not null,
    kind       text        not null check (kind in ('configuration', 'historical_keys', 'subordinate')),
    -- The entity it is about; of the first two kinds nothing.
    subject    text        not null,
    jwt        text        not null,
    kid        text        not null,
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    primary key (tenant_id, kind, subject)
);
create index federation_statements_of_key on federation_statements (tenant_id, kid);
create index federation_statements_by_end on federation_statements (tenant_id, kind, expires_at);

-- Who is enrolled, and what is said of them. There is no row twice for one entity, whatever its state.
create table federation_subordinates (
    tenant_id       uuid        not null,
    subordinate_id  uuid        not null,
    entity_id       text        not null check (length(entity_id) <= 2048),
    state           text        not null check (state in ('pending', 'active', 'suspended', 'revoked')),
    -- As we know them; what the entity publishes must be signed with one of them.
    jwks            text        not null,
    -- What it published when it was last looked at, and what of it lists are filtered by.
    metadata        text        not null,
    entity_types    text[]      not null,
    is_intermediate boolean     not null,
    -- What the statement says of it, as JSON: metadata, metadata_policy, constraints, extra claims and so on.
    terms           text        not null check (length(terms) <= 262144),
    version         bigint      not null,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    -- When its own configuration was last seen to be in order, and why it was not since.
    seen_at         timestamptz,
    fault           text,
    primary key (tenant_id, subordinate_id)
);
create unique index federation_subordinates_once on federation_subordinates (tenant_id, entity_id);
create index federation_subordinates_by_state on federation_subordinates (tenant_id, state, entity_id);

-- What became of a subordinate, in the words of the subordinate events endpoint; kept when the row of the subordinate is gone.
create table federation_subordinate_events (
    tenant_id      uuid        not null,
    event_id       uuid        not null,
    subordinate_id uuid        not null,
    entity_id      text        not null,
    event          text        not null,
    description    text,
    -- Fields with what they were and what they are.
    changes        text        not null,
    happened_at    timestamptz not null,
    primary key (tenant_id, event_id)
);
create index federation_subordinate_events_of_entity on federation_subordinate_events (tenant_id, entity_id, event_id);

alter table federation_entities enable row level security;
alter table federation_entities force row level security;
create policy own_tenant on federation_entities to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on federation_entities to {system} using (true) with check (true);

alter table federation_keys enable row level security;
alter table federation_keys force row level security;
create policy own_tenant on federation_keys to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on federation_keys to {system} using (true) with check (true);

alter table federation_statements enable row level security;
alter table federation_statements force row level security;
create policy own_tenant on federation_statements to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on federation_statements to {system} using (true) with check (true);

alter table federation_subordinates enable row level security;
alter table federation_subordinates force row level security;
create policy own_tenant on federation_subordinates to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on federation_subordinates to {system} using (true) with check (true);

alter table federation_subordinate_events enable row level security;
alter table federation_subordinate_events force row level security;
create policy own_tenant on federation_subordinate_events to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on federation_subordinate_events to {system} using (true) with check (true);

grant select, insert, update, delete
   on federation_entities, federation_keys, federation_statements, federation_subordinates, federation_subordinate_events to {app}, {system};
