-- Data keys, wrapped by the master encryption key, and what tells that the bootstrap secrets are the ones this database was made with.

-- Versions of each bootstrap secret. Only the master encryption key ever has more than one. A fingerprint is derived from 32 random bytes and tells nothing of them.
create table secret_versions (
    secret       text        not null,
    version      integer     not null check (version > 0),
    fingerprint  bytea       not null,
    added_at     timestamptz not null,
    dropped_at   timestamptz,
    primary key (secret, version)
);

-- A tenant's keys for its encrypted columns; the highest version seals, the others only open until rotation has emptied them.
-- made_under is the master version when the key was made: rotation gives every tenant a key that no older master key has ever wrapped.
create table data_keys (
    tenant_id       uuid        not null,
    version         integer     not null check (version > 0),
    wrapped         bytea,
    master_version  integer     not null,
    made_under      integer     not null,
    created_at      timestamptz not null,
    destroyed_at    timestamptz,
    primary key (tenant_id, version),
    check ((wrapped is null) = (destroyed_at is not null))
);
create index data_keys_to_rotate on data_keys (least(master_version, made_under), tenant_id) where wrapped is not null;

-- One key a person, for personal data in records that must never change. Erasing the key erases the data; the row stays so that no second key is made.
create table subject_keys (
    tenant_id       uuid        not null,
    subject_id      uuid        not null,
    wrapped         bytea,
    master_version  integer     not null,
    created_at      timestamptz not null,
    destroyed_at    timestamptz,
    primary key (tenant_id, subject_id),
    check ((wrapped is null) = (destroyed_at is not null))
);
create index subject_keys_to_rotate on subject_keys (master_version, tenant_id) where wrapped is not null;

alter table data_keys enable row level security;
alter table data_keys force row level security;
create policy tenant on data_keys to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy system on data_keys to {system} using (true) with check (true);

alter table subject_keys enable row level security;
alter table subject_keys force row level security;
create policy tenant on subject_keys to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy system on subject_keys to {system} using (true) with check (true);

-- Called with the commit of whoever sealed something under a key: either the key stands until that commit is seen, or the work is done again.
-- Whoever drops a key takes the same lock alone, and then looks for rows under it. Each statement of a function sees what was committed before it.
create function hold_data_key(tenant uuid, held integer) returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(hashtext('data_key'), hashtext(tenant::text));
    if not exists (select from data_keys k where k.tenant_id = tenant and k.version = held and k.wrapped is not null) then
        raise exception 'the data key was dropped' using errcode = 'serialization_failure';
    end if;
end $$;

create function hold_master_key(held integer) returns void language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(hashtext('master_key'), held);
    if exists (select from secret_versions v where v.secret = 'master_encryption' and v.version = held and v.dropped_at is not null) then
        raise exception 'the master key was dropped' using errcode = 'serialization_failure';
    end if;
end $$;

grant select on secret_versions to {app};
grant select, insert on data_keys, subject_keys to {app};
grant update (wrapped, master_version, destroyed_at) on data_keys, subject_keys to {app};
grant select, insert, update on secret_versions to {system};
grant select, insert, update, delete on data_keys, subject_keys to {system};
