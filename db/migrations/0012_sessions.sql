-- Where somebody is signed in: one row a browser. The cookie's secret is stored as its keyed hash.
create table sessions (
    tenant_id        uuid        not null,
    session_id       uuid        not null,
    token_hash       bytea       not null,
    user_id          uuid        not null,
    methods          text[]      not null,
    ip_address       text,
    user_agent       text,
    created_at       timestamptz not null,
    authenticated_at timestamptz not null,
    last_seen_at     timestamptz not null,
    expires_at       timestamptz not null,
    ended_at         timestamptz,
    primary key (tenant_id, session_id)
);
create unique index sessions_by_token on sessions (tenant_id, token_hash);
create index sessions_of_user on sessions (tenant_id, user_id) where ended_at is null;
create index sessions_to_purge on sessions (expires_at);

-- A sign-in somebody was sent to by an application, so that they return where they came from. Bound to one browser.
create table sign_in_flows (
    tenant_id        uuid        not null,
    flow_id          uuid        not null,
    browser_hash     bytea       not null,
    return_path      text        not null,
    application_name text,
    -- Where the application's answer will go: browsers apply a page's form-action to the redirects after its post.
    returns_to       text,
    login_hint       text,
    -- A session made before this moment does not answer the flow (prompt=login, max_age).
    not_before       timestamptz,
    created_at       timestamptz not null,
    expires_at       timestamptz not null,
    session_id       uuid,
    primary key (tenant_id, flow_id)
);
create index sign_in_flows_to_purge on sign_in_flows (expires_at);

alter table sessions enable row level security;
alter table sessions force row level security;
create policy own_tenant on sessions to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on sessions to {system} using (true) with check (true);

alter table sign_in_flows enable row level security;
alter table sign_in_flows force row level security;
create policy own_tenant on sign_in_flows to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on sign_in_flows to {system} using (true) with check (true);

grant select, insert, update, delete on sessions, sign_in_flows to {app}, {system};
