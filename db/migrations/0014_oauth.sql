-- What a person allowed an application.
create table consents (
    tenant_id  uuid        not null,
    user_id    uuid        not null,
    client_id  uuid        not null,
    scopes     text[]      not null,
    granted_at timestamptz not null,
    primary key (tenant_id, user_id, client_id)
);

-- An authorization request that waits for a person to sign in or to consent; its parameters as they were checked.
create table authorization_requests (
    tenant_id  uuid        not null,
    request_id uuid        not null,
    client_id  uuid        not null,
    parameters text        not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (tenant_id, request_id)
);
create index authorization_requests_to_purge on authorization_requests (expires_at);

-- One-time codes (RFC 6749 §4.1.2). Redeemed by one update; a second use takes the grant with it.
create table authorization_codes (
    tenant_id        uuid        not null,
    code_hash        bytea       not null,
    grant_id         uuid        not null,
    client_id        uuid        not null,
    user_id          uuid        not null,
    session_id       uuid        not null,
    redirect_uri     text        not null,
    scopes           text[]      not null,
    resources        text[]      not null,
    nonce            text,
    code_challenge   text        not null,
    methods          text[]      not null,
    authenticated_at timestamptz not null,
    created_at       timestamptz not null,
    expires_at       timestamptz not null,
    redeemed_at      timestamptz,
    primary key (tenant_id, code_hash)
);
create index authorization_codes_to_purge on authorization_codes (expires_at);

-- What an application holds of a person: the family of every token that came of one code.
create table grants (
    tenant_id        uuid        not null,
    grant_id         uuid        not null,
    client_id        uuid        not null,
    user_id          uuid        not null,
    session_id       uuid        not null,
    -- Lives on when the session ends (OIDC Core §11).
    offline          boolean     not null,
    scopes           text[]      not null,
    resources        text[]      not null,
    methods          text[]      not null,
    authenticated_at timestamptz not null,
    created_at       timestamptz not null,
    expires_at       timestamptz not null,
    revoked_at       timestamptz,
    revoked_because  text,
    primary key (tenant_id, grant_id)
);
create index grants_of_user on grants (tenant_id, user_id) where revoked_at is null;
create index grants_of_client on grants (tenant_id, client_id) where revoked_at is null;
create index grants_of_session on grants (tenant_id, session_id) where revoked_at is null;
create index grants_to_purge on grants (expires_at);

-- Refresh tokens, one row each, used ones too: a used one that comes back is how theft shows.
create table refresh_tokens (
    tenant_id  uuid        not null,
    token_hash bytea       not null,
    grant_id   uuid        not null,
    issued_at  timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    primary key (tenant_id, token_hash),
    foreign key (tenant_id, grant_id) references grants on delete cascade
);
create index refresh_tokens_of_grant on refresh_tokens (tenant_id, grant_id);
create index refresh_tokens_to_purge on refresh_tokens (expires_at);

-- Access tokens that were revoked one by one, until they would have expired.
create table revoked_tokens (
    tenant_id  uuid        not null,
    token_id   text        not null,
    revoked_at timestamptz not null,
    expires_at timestamptz not null,
    primary key (tenant_id, token_id)
);
create index revoked_tokens_to_purge on revoked_tokens (expires_at);

alter table consents enable row level security;
alter table consents force row level security;
create policy own_tenant on consents to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on consents to {system} using (true) with check (true);

alter table authorization_requests enable row level security;
alter table authorization_requests force row level security;
create policy own_tenant on authorization_requests to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on authorization_requests to {system} using (true) with check (true);

alter table authorization_codes enable row level security;
alter table authorization_codes force row level security;
create policy own_tenant on authorization_codes to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on authorization_codes to {system} using (true) with check (true);

alter table grants enable row level security;
alter table grants force row level security;
create policy own_tenant on grants to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on grants to {system} using (true) with check (true);

alter table refresh_tokens enable row level security;
alter table refresh_tokens force row level security;
create policy own_tenant on refresh_tokens to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on refresh_tokens to {system} using (true) with check (true);

alter table revoked_tokens enable row level security;
alter table revoked_tokens force row level security;
create policy own_tenant on revoked_tokens to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on revoked_tokens to {system} using (true) with check (true);

grant select, insert, update, delete on consents, authorization_requests, authorization_codes, grants, refresh_tokens, revoked_tokens to {app}, {system};
