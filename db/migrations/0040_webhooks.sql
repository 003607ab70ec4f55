-- Who is told of a tenant's events, over HTTP.
create table webhooks (
    tenant_id  uuid        not null,
    webhook_id uuid        not null,
    name       text        not null check (length(name) between 1 and 200),
    url        text        not null check (length(url) between 1 and 2048),
    -- Whole actions, or the beginning of some and a star.
    events     text[]      not null check (cardinality(events) > 0),
    state      text        not null check (state in ('active', 'disabled')),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, webhook_id)
);

-- What deliveries are signed with: the newest, and beside it until it ends the one before. Encrypted, for it must be read to sign.
create table webhook_secrets (
    tenant_id  uuid        not null,
    secret_id  uuid        not null,
    webhook_id uuid        not null,
    secret     bytea       not null,
    hint       text        not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    primary key (tenant_id, secret_id),
    foreign key (tenant_id, webhook_id) references webhooks on delete cascade
);
create index webhook_secrets_of_webhook on webhook_secrets (tenant_id, webhook_id);

-- One event for one webhook. The row is the queue: it is due at next_attempt_at, and while an attempt is under way that is when the attempt counts as lost.
create table webhook_deliveries (
    tenant_id       uuid        not null,
    delivery_id     uuid        not null,
    webhook_id      uuid        not null,
    event_id        uuid        not null,
    event_type      text        not null,
    -- The same bytes at every attempt.
    body            text        not null,
    state           text        not null check (state in ('pending', 'delivered', 'dead')),
    attempts        integer     not null default 0,
    http_status     integer,
    duration_ms     integer,
    error           text,
    created_at      timestamptz not null,
    last_attempt_at timestamptz,
    next_attempt_at timestamptz,
    finished_at     timestamptz,
    primary key (tenant_id, delivery_id),
    foreign key (tenant_id, webhook_id) references webhooks on delete cascade,
    check ((state = 'pending') = (next_attempt_at is not null)),
    check ((state = 'pending') = (finished_at is null))
);
create unique index webhook_deliveries_once on webhook_deliveries (tenant_id, webhook_id, event_id);
create index webhook_deliveries_of_webhook on webhook_deliveries (tenant_id, webhook_id, delivery_id);
create index webhook_deliveries_due on webhook_deliveries (next_attempt_at, tenant_id, webhook_id) where state = 'pending';
create index webhook_deliveries_due_of_webhook on webhook_deliveries (tenant_id, webhook_id, next_attempt_at) where state = 'pending';
create index webhook_deliveries_to_purge on webhook_deliveries (finished_at) where state <> 'pending';

alter table webhooks enable row level security;
alter table webhooks force row level security;
create policy own_tenant on webhooks to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on webhooks to {system} using (true) with check (true);

alter table webhook_secrets enable row level security;
alter table webhook_secrets force row level security;
create policy own_tenant on webhook_secrets to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on webhook_secrets to {system} using (true) with check (true);

alter table webhook_deliveries enable row level security;
alter table webhook_deliveries force row level security;
create policy own_tenant on webhook_deliveries to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on webhook_deliveries to {system} using (true) with check (true);

grant select, insert, update, delete on webhooks, webhook_secrets, webhook_deliveries to {app}, {system};
