-- The platform's own tables: what happened and must be told (outbox), what is to be done (jobs), when (schedules), by whom (leases),
-- and what may not be used twice (replay_guard).
--
-- outbox and jobs carry a tenant's content, so they stand behind its wall like every tenant's table. The application may only add to them, for the
-- tenant it acts for: who can break into a request handler can neither read what waits there nor change it. Workers are the system role.

create table outbox (
    tenant_id    uuid        not null,
    id           uuid        not null,
    action       text        not null,
    -- The subscribers known to the writer: during a rolling upgrade the older relay must not lose the newer one's.
    subscribers  text[]      not null,
    job_ids      uuid[]      not null,
    payload      jsonb       not null,
    origin       jsonb       not null,
    traceparent  text,
    at           timestamptz not null,
    primary key (tenant_id, id)
);
create index outbox_in_order on outbox (at);

create table jobs (
    tenant_id        uuid        not null,
    id               uuid        not null,
    kind             text        not null,
    payload          jsonb       not null,
    state            text        not null default 'queued' check (state in ('queued', 'running', 'done', 'dead')),
    attempts         integer     not null default 0,
    max_attempts     integer     not null check (max_attempts > 0),
    run_at           timestamptz not null,
    locked_by        text,
    locked_until     timestamptz,
    idempotency_key  text,
    last_error       text,
    traceparent      text,
    created_at       timestamptz not null,
    finished_at      timestamptz,
    primary key (tenant_id, id),
    check ((state = 'running') = (locked_by is not null and locked_until is not null)),
    check ((state in ('done', 'dead')) = (finished_at is not null))
);
create unique index jobs_once on jobs (tenant_id, kind, idempotency_key);
create index jobs_to_claim on jobs (run_at) where state = 'queued';
create index jobs_to_reclaim on jobs (locked_until) where state = 'running';
create index jobs_to_purge on jobs (finished_at) where state in ('done', 'dead');
create index jobs_by_id on jobs (id);

create table schedules (
    name      text primary key,
    cron      text        not null,
    next_run  timestamptz,
    last_run  timestamptz
);

create table leases (
    name   text primary key,
    owner  text        not null,
    until  timestamptz not null
);

create table replay_guard (
    hash   bytea primary key,
    until  timestamptz not null
);
create index replay_guard_to_purge on replay_guard (until);

alter table outbox enable row level security;
alter table outbox force row level security;
create policy tenant on outbox for insert to {app}
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy system on outbox to {system} using (true) with check (true);

alter table jobs enable row level security;
alter table jobs force row level security;
create policy tenant on jobs for insert to {app}
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy system on jobs to {system} using (true) with check (true);

grant insert on outbox, jobs to {app};
grant select, insert, update, delete on outbox, jobs, schedules, leases, replay_guard to {system};
