-- An agent asks a person for leave to act for them; whoever of the tenant has the link answers, or the one who is named.
create table agent_consent_requests (
    tenant_id  uuid        not null,
    request_id uuid        not null,
    agent_id   uuid        not null,
    user_id    uuid,
    scopes     text[]      not null,
    resources  text[]      not null,
    reason     text        not null check (length(reason) <= 300),
    -- When what is allowed would end.
    ends_at    timestamptz not null,
    state      text        not null check (state in ('pending', 'allowed', 'denied')),
    consent_id uuid,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    decided_at timestamptz,
    primary key (tenant_id, request_id)
);
create index agent_consent_requests_to_purge on agent_consent_requests (expires_at);

-- What a person allowed one agent. Tokens hang on it: withdrawn, they are dead.
create table agent_consents (
    tenant_id    uuid        not null,
    consent_id   uuid        not null,
    user_id      uuid        not null,
    agent_id     uuid        not null,
    scopes       text[]      not null,
    resources    text[]      not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    withdrawn_at timestamptz,
    primary key (tenant_id, consent_id)
);
create index agent_consents_of_user on agent_consents (tenant_id, user_id, consent_id desc);
create index agent_consents_of_agent on agent_consents (tenant_id, agent_id, consent_id desc);
create index agent_consents_to_purge on agent_consents (expires_at);

alter table agent_consent_requests enable row level security;
alter table agent_consent_requests force row level security;
create policy own_tenant on agent_consent_requests to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on agent_consent_requests to {system} using (true) with check (true);

alter table agent_consents enable row level security;
alter table agent_consents force row level security;
create policy own_tenant on agent_consents to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on agent_consents to {system} using (true) with check (true);

grant select, insert, update, delete on agent_consent_requests, agent_consents to {app}, {system};
