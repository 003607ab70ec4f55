-- An agent asks a person to approve one action (CIBA Core), and may get one token for it.
create table approvals (
    tenant_id        uuid        not null,
    approval_id      uuid        not null,
    -- Of the auth_req_id, which only the agent has.
    request_hash     bytea       not null,
    agent_id         uuid        not null,
    -- An agent that was stopped meanwhile gets nothing for what it asked before.
    agent_epoch      integer     not null,
    -- Who is asked.
    user_id          uuid        not null,
    scopes           text[]      not null,
    resources        text[]      not null,
    binding_message  text        check (length(binding_message) <= 100),
    details          text        check (length(details) <= 32768),
    -- The key that was shown with the question must be shown with the token request.
    dpop_key         text,
    state            text        not null check (state in ('waiting', 'allowed', 'denied', 'used', 'cancelled', 'expired')),
    created_at       timestamptz not null,
    expires_at       timestamptz not null,
    decided_at       timestamptz,
    -- How the person had proved who they are when they decided.
    session_id       uuid,
    methods          text[],
    authenticated_at timestamptz,
    -- The hand-over the token hangs on, and its end.
    delegation_id    uuid,
    token_ends_at    timestamptz,
    interval_seconds integer     not null,
    polled_at        timestamptz,
    primary key (tenant_id, approval_id)
);
create unique index approvals_by_request on approvals (tenant_id, request_hash);
create index approvals_of_agent on approvals (tenant_id, agent_id, approval_id desc);
create index approvals_of_user on approvals (tenant_id, user_id, approval_id desc);
create index approvals_open on approvals (expires_at) where state in ('waiting', 'allowed');
create index approvals_to_purge on approvals (created_at);

alter table approvals enable row level security;
alter table approvals force row level security;
create policy own_tenant on approvals to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on approvals to {system} using (true) with check (true);

grant select, insert, update, delete on approvals to {app}, {system};
