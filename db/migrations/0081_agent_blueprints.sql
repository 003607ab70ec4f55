-- What agents of one kind are made of. They are found by their blueprint_id; a blueprint is retired and never deleted, so that the id always leads somewhere.
create table agent_blueprints (
    tenant_id        uuid        not null,
    blueprint_id     uuid        not null,
    name             text        not null check (length(name) between 1 and 200),
    description      text        not null check (length(description) <= 1000),
    agent_type       text        not null,
    version          text        not null check (length(version) between 5 and 64),
    capabilities     text[]      not null,
    deployment_env   text        not null,
    scopes           text[]      not null,
    approval_scopes  text[]      not null,
    token_algorithm  text        not null,
    token_seconds    integer     not null check (token_seconds between 60 and 3600),
    dpop_required    boolean     not null,
    monthly_tokens   integer     check (monthly_tokens > 0),
    lifetime_days    integer     check (lifetime_days > 0),
    attestation_days integer     check (attestation_days > 0),
    labels           text[]      not null check (cardinality(labels) <= 32),
    -- Null: as many as one likes.
    max_instances    integer     check (max_instances > 0),
    state            text        not null check (state in ('active', 'retired')),
    created_at       timestamptz not null,
    updated_at       timestamptz not null,
    primary key (tenant_id, blueprint_id)
);

alter table agent_blueprints enable row level security;
alter table agent_blueprints force row level security;
create policy own_tenant on agent_blueprints to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on agent_blueprints to {system} using (true) with check (true);

grant select, insert, update, delete on agent_blueprints to {app}, {system};

alter table agents add column blueprint_id uuid;
create index agents_of_blueprint on agents (tenant_id, blueprint_id, agent_id) where blueprint_id is not null;
