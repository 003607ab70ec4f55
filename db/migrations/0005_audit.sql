-- The audit record. A row is written once, in the transaction of what it tells of or by the group writer. Later it changes twice at most:
-- the sealer gives it its position, and retention empties it, all but what the proof needs.
create table audit_events (
    tenant_id   uuid        not null,
    id          uuid        not null,
    recorded_at timestamptz not null,
    -- Copies of what the content says, for filters. Emptied together with it.
    action      text,
    outcome     text,
    actor_kind  text,
    actor_id    text,
    target_kind text,
    target_id   text,
    request_id  text,
    content     bytea,
    leaf_hash   bytea       not null check (length(leaf_hash) = 32),
    mac         bytea       not null check (length(mac) = 32),
    mac_version smallint    not null,
    position    bigint      check (position >= 0),
    primary key (tenant_id, id),
    constraint audit_events_empty_or_whole check
        (num_nonnulls(content, action, outcome, actor_kind, target_kind, target_id, request_id) in (0, 7) and (content is not null or actor_id is null)),
    constraint audit_events_emptied_after_sealing check (content is not null or position is not null)
);

create unique index audit_events_position on audit_events (tenant_id, position);
create index audit_events_unsealed on audit_events (tenant_id, id) where position is null;
create index audit_events_actor on audit_events (tenant_id, actor_id, id);
create index audit_events_target on audit_events (tenant_id, target_id, id);

-- The column grants below say which columns may change; this says how: from no position to one, and from content to none.
-- The condition is the trigger's own, so that the rows of a batch that may change cost no call.
create function refuse_audit_change() returns trigger language plpgsql as $$
begin
    raise exception 'An audit record is written once.' using errcode = 'restrict_violation';
end $$;

create trigger refuse_audit_change before update on audit_events for each row
    when ((
        (old.position is null and new.position is not null
            and row(new.content, new.action, new.outcome, new.actor_kind, new.actor_id, new.target_kind, new.target_id, new.request_id)
                is not distinct from
                row(old.content, old.action, old.outcome, old.actor_kind, old.actor_id, old.target_kind, old.target_id, old.request_id))
        or (old.position = new.position and new.content is null)
    ) is not true)
    execute function refuse_audit_change();

-- The Merkle tree over the leaf hashes, in tiles of 256 hashes. Only the tiles of the right edge are ever written again.
create table audit_tiles (
    tenant_id uuid     not null,
    level     smallint not null check (level between 0 and 7),
    index     bigint   not null check (index >= 0),
    hashes    bytea    not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
    primary key (tenant_id, level, index)
);

-- Hashes don't compress.
alter table audit_tiles alter column hashes set storage external;

create table audit_checkpoints (
    tenant_id uuid        not null,
    size      bigint      not null check (size > 0),
    root      bytea       not null check (length(root) = 32),
    note      text        not null,
    signed_at timestamptz not null,
    primary key (tenant_id, size)
);

-- The public keys that ever signed for a tenant. The MAC says that we wrote the row: whoever adds a key here can't make us trust it.
create table audit_keys (
    tenant_id     uuid        not null,
    key           text        not null,
    mac           bytea       not null check (length(mac) = 32),
    introduced_at timestamptz not null,
    primary key (tenant_id, key)
);

-- How long a tenant keeps the content of its records; without a row, for ever.
create table audit_retention (
    tenant_id uuid   not null primary key,
    days      int    not null check (days between 1 and 36500),
    -- The records before this position have been emptied.
    pruned    bigint not null default 0
);

alter table audit_events enable row level security;
alter table audit_events force row level security;
create policy own_tenant on audit_events to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on audit_events to {system} using (true) with check (true);

alter table audit_tiles enable row level security;
alter table audit_tiles force row level security;
create policy own_tenant on audit_tiles to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on audit_tiles to {system} using (true) with check (true);

alter table audit_checkpoints enable row level security;
alter table audit_checkpoints force row level security;
create policy own_tenant on audit_checkpoints to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on audit_checkpoints to {system} using (true) with check (true);

alter table audit_keys enable row level security;
alter table audit_keys force row level security;
create policy own_tenant on audit_keys to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on audit_keys to {system} using (true) with check (true);

alter table audit_retention enable row level security;
alter table audit_retention force row level security;
create policy own_tenant on audit_retention to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on audit_retention to {system} using (true) with check (true);

-- The application adds and reads records, and can't give itself a position.
grant select on audit_events, audit_tiles, audit_checkpoints, audit_keys to {app};
grant insert (tenant_id, id, recorded_at, action, outcome, actor_kind, actor_id, target_kind, target_id, request_id,
              content, leaf_hash, mac, mac_version) on audit_events to {app};
grant select, delete on audit_retention to {app};
grant insert (tenant_id, days), update (days) on audit_retention to {app};

grant select, insert on audit_events, audit_checkpoints, audit_keys to {system};
grant update (position, content, action, outcome, actor_kind, actor_id, target_kind, target_id, request_id) on audit_events to {system};
grant select, insert, update on audit_tiles to {system};
grant delete on audit_checkpoints to {system};
grant select on audit_retention to {system};
grant update (pruned) on audit_retention to {system};
