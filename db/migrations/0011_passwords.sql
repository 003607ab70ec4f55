-- An Argon2id hash, encrypted once more, so that a copy of the database alone gives nothing to guess at.
create table passwords (
    tenant_id uuid        not null,
    user_id   uuid        not null,
    hash      bytea       not null,
    set_at    timestamptz not null,
    primary key (tenant_id, user_id),
    foreign key (tenant_id, user_id) references users on delete cascade
);

alter table passwords enable row level security;
alter table passwords force row level security;
create policy own_tenant on passwords to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on passwords to {system} using (true) with check (true);

grant select, insert, update, delete on passwords to {app}, {system};
