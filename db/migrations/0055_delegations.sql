-- Who acts for whom. A row is a hand-over: an agent offers to another that it may act (offer), or got a token with which it does (token). A token or an
-- offer holds only while every row above it does, so ending one row ends all below it.
create table delegations (
    tenant_id            uuid        not null,
    delegation_id        uuid        not null,
    -- The row everything began with; its own id there.
    chain_id             uuid        not null,
    parent_id            uuid,
    kind                 text        not null check (kind in ('offer', 'token')),
    subject_kind         text        not null check (subject_kind in ('agent', 'user')),
    subject_id           uuid        not null,
    -- The agent that handed on; null where a person allowed it.
    delegator_id         uuid,
    -- In the first row of an agent's: what the agent's right hung on.
    delegator_epoch      integer,
    delegator_credential uuid,
    -- The access tokens that were exchanged, where they are no delegations themselves.
    source_token_id      text,
    actor_token_id       text,
    grant_id             uuid,
    consent_id           uuid,
    actor_id             uuid        not null,
    actor_epoch          integer     not null,
    actor_credential     uuid,
    depth                integer     not null check (depth between 1 and 8),
    scopes               text[]      not null,
    audience             text[]      not null,
    details              text,
    created_at           timestamptz not null,
    expires_at           timestamptz not null,
    revoked_at           timestamptz,
    revoked_because      text,
    primary key (tenant_id, delegation_id)
);
create index delegations_of_chain on delegations (tenant_id, chain_id);
create index delegations_of_actor on delegations (tenant_id, actor_id, chain_id desc);
create index delegations_of_delegator on delegations (tenant_id, delegator_id, chain_id desc);
create index delegations_of_consent on delegations (tenant_id, consent_id) where consent_id is not null;
create index delegations_to_purge on delegations (expires_at);

alter table delegations enable row level security;
alter table delegations force row level security;
create policy own_tenant on delegations to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on delegations to {system} using (true) with check (true);

grant select, insert, update, delete on delegations to {app}, {system};
