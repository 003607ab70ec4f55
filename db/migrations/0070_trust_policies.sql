-- Whose workloads act as which agent without a secret of ours. What a policy got hangs on credential_id, which is new whenever what it trusts is.
create table trust_policies (
    tenant_id     uuid        not null,
    policy_id     uuid        not null,
    name          text        not null check (length(name) between 1 and 200),
    issuer        text        not null check (length(issuer) <= 1024),
    audience      text        not null check (length(audience) <= 1024),
    -- A list of claim, value and whether the value is a pattern.
    rules         text        not null check (length(rules) <= 65536),
    -- The issuer's keys, or where they are; where neither is said the issuer's discovery document says it.
    jwks          text        check (length(jwks) <= 65536),
    jwks_uri      text        check (length(jwks_uri) <= 2048),
    agent_id      uuid,
    -- What an agent is like that a workload registers, where the policy is for that alone.
    bootstrap     text        check (length(bootstrap) <= 65536),
    scopes        text[]      not null,
    max_seconds   integer     not null check (max_seconds between 60 and 3600),
    enabled       boolean     not null,
    credential_id uuid        not null,
    created_at    timestamptz not null,
    updated_at    timestamptz not null,
    last_used_at  timestamptz,
    primary key (tenant_id, policy_id),
    check (num_nonnulls(jwks, jwks_uri) <= 1),
    check (num_nonnulls(agent_id, bootstrap) = 1)
);
create index trust_policies_of_issuer on trust_policies (tenant_id, issuer);

alter table trust_policies enable row level security;
alter table trust_policies force row level security;
create policy own_tenant on trust_policies to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on trust_policies to {system} using (true) with check (true);

-- Tokens with which one agent can be registered, once.
create table bootstrap_tokens (
    tenant_id     uuid        not null,
    token_hash    bytea       not null,
    policy_id     uuid        not null,
    credential_id uuid        not null,
    subject       text        not null,
    expires_at    timestamptz not null,
    used_at       timestamptz,
    primary key (tenant_id, token_hash)
);
create index bootstrap_tokens_to_purge on bootstrap_tokens (tenant_id, expires_at);

alter table bootstrap_tokens enable row level security;
alter table bootstrap_tokens force row level security;
create policy own_tenant on bootstrap_tokens to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on bootstrap_tokens to {system} using (true) with check (true);

grant select, insert, update, delete on trust_policies, bootstrap_tokens to {app}, {system};

-- A workload's identity is a credential without secret and key; its jwks_uri is the issuer.
alter table agent_credentials
    drop constraint agent_credentials_kind_check,
    add constraint agent_credentials_kind_check check (kind in ('client_secret', 'private_key_jwt', 'workload_identity'));
