-- Keys that sign tokens. A private half is encrypted under the tenant's data key, and gone once the key is retired.
create table signing_keys (
    tenant_id    uuid        not null,
    kid          text        not null,
    algorithm    text        not null,
    state        text        not null check (state in ('announced', 'active', 'retiring', 'retired')),
    private_jwk  bytea,
    public_jwk   text        not null,
    created_at   timestamptz not null,
    activated_at timestamptz,
    retiring_at  timestamptz,
    retired_at   timestamptz,
    -- Why a key went before its time; null for one that grew old.
    dropped      text,
    primary key (tenant_id, kid)
);
-- One key signs at a time, and one waits: two nodes that want to make it at once make one.
create unique index signing_keys_active on signing_keys (tenant_id, algorithm) where state = 'active';
create unique index signing_keys_announced on signing_keys (tenant_id, algorithm) where state = 'announced';

alter table signing_keys enable row level security;
alter table signing_keys force row level security;
create policy own_tenant on signing_keys to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on signing_keys to {system} using (true) with check (true);

grant select, insert, update, delete on signing_keys to {app}, {system};
