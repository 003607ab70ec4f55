-- What trust marks a federation knows: who may issue them, who owns them, and what they are like when we issue them.
create table trust_mark_types (
    tenant_id      uuid        not null,
    type_id        uuid        not null,
    type           text        not null check (length(type) between 1 and 2048),
    active         boolean     not null,
    auto_renew     boolean     not null,
    valid_hours    integer     not null check (valid_hours between 1 and 87600),
    renewal_hours  integer     not null check (renewal_hours between 1 and 87600),
    logo_uri       text        check (length(logo_uri) <= 2048),
    ref            text        check (length(ref) <= 2048),
    -- Whose it is, where it is somebody's; with the keys its owner delegates with, unless the owner is the tenant's own entity.
    owner          text        check (length(owner) <= 2048),
    owner_jwks     text        check (length(owner_jwks) <= 65536),
    -- The owner's leave for us to issue.
    delegation     text        check (length(delegation) <= 16384),
    issuers        text[]      not null,
    anyone         boolean     not null,
    -- What claims of their own marks have, by name; empty: any.
    claim_rules    text        not null check (length(claim_rules) <= 65536),
    requestable    boolean     not null,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    primary key (tenant_id, type_id),
    unique (tenant_id, type)
);

create table trust_marks (
    tenant_id      uuid        not null,
    mark_id        uuid        not null,
    type_id        uuid        not null,
    subject        text        not null check (length(subject) <= 2048),
    state          text        not null check (state in ('active', 'suspended', 'revoked')),
    auto_renew     boolean     not null,
    valid_hours    integer     not null check (valid_hours between 1 and 87600),
    renewal_hours  integer     not null check (renewal_hours between 1 and 87600),
    claims         text        check (length(claims) <= 65536),
    reason         text        check (length(reason) <= 500),
    jwt            text        not null,
    -- What it is signed with: a mark outlives the key's time, and is signed anew before the key goes.
    kid            text        not null,
    expires_at     timestamptz not null,
    warned_at      timestamptz,
    created_at     timestamptz not null,
    updated_at     timestamptz not null,
    primary key (tenant_id, mark_id),
    foreign key (tenant_id, type_id) references trust_mark_types (tenant_id, type_id)
);
-- One living mark of a type for a subject: of two who issue at once, one wins.
create unique index trust_marks_living on trust_marks (tenant_id, type_id, subject) where state <> 'revoked';
create index trust_marks_of_subject on trust_marks (tenant_id, subject);
create index trust_marks_due on trust_marks (expires_at) where state = 'active';

-- Every mark that was ever signed: its status is its own, whatever was issued after it.
create table trust_mark_jwts (
    tenant_id      uuid        not null,
    hash           bytea       not null check (length(hash) = 32),
    mark_id        uuid        not null,
    kid            text        not null,
    issued_at      timestamptz not null,
    expires_at     timestamptz not null,
    revoked_at     timestamptz,
    primary key (tenant_id, hash),
    foreign key (tenant_id, mark_id) references trust_marks (tenant_id, mark_id)
);
create index trust_mark_jwts_of_mark on trust_mark_jwts (tenant_id, mark_id) where revoked_at is null;

-- Marks that entities ask for, until somebody decides.
create table trust_mark_requests (
    tenant_id      uuid        not null,
    request_id     uuid        not null,
    type_id        uuid        not null,
    subject        text        not null check (length(subject) <= 2048),
    state          text        not null check (state in ('pending', 'approved', 'denied')),
    note           text        check (length(note) <= 2000),
    decided_at     timestamptz,
    reason         text        check (length(reason) <= 500),
    created_at     timestamptz not null,
    primary key (tenant_id, request_id),
    foreign key (tenant_id, type_id) references trust_mark_types (tenant_id, type_id)
);
create unique index trust_mark_requests_open on trust_mark_requests (tenant_id, type_id, subject) where state = 'pending';

-- Our leave for others to issue marks of a type that is ours.
create table trust_mark_delegations (
    tenant_id      uuid        not null,
    type_id        uuid        not null,
    issuer         text        not null check (length(issuer) <= 2048),
    jwt            text        not null,
    expires_at     timestamptz not null,
    valid_hours    integer     not null check (valid_hours between 1 and 87600),
    created_at     timestamptz not null,
    primary key (tenant_id, type_id, issuer),
    foreign key (tenant_id, type_id) references trust_mark_types (tenant_id, type_id)
);

-- Marks that others issued to us, shown in our configuration.
create table own_trust_marks (
    tenant_id      uuid        not null,
    type           text        not null check (length(type) <= 2048),
    issuer         text        not null check (length(issuer) <= 2048),
    jwt            text        not null check (length(jwt) <= 65536),
    expires_at     timestamptz,
    warned_at      timestamptz,
    created_at     timestamptz not null,
    primary key (tenant_id, type, issuer)
);

alter table trust_mark_types enable row level security;
alter table trust_mark_types force row level security;
create policy own_tenant on trust_mark_types to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on trust_mark_types to {system} using (true) with check (true);

alter table trust_marks enable row level security;
alter table trust_marks force row level security;
create policy own_tenant on trust_marks to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on trust_marks to {system} using (true) with check (true);

alter table trust_mark_jwts enable row level security;
alter table trust_mark_jwts force row level security;
create policy own_tenant on trust_mark_jwts to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on trust_mark_jwts to {system} using (true) with check (true);

alter table trust_mark_requests enable row level security;
alter table trust_mark_requests force row level security;
create policy own_tenant on trust_mark_requests to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on trust_mark_requests to {system} using (true) with check (true);

alter table trust_mark_delegations enable row level security;
alter table trust_mark_delegations force row level security;
create policy own_tenant on trust_mark_delegations to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on trust_mark_delegations to {system} using (true) with check (true);

alter table own_trust_marks enable row level security;
alter table own_trust_marks force row level security;
create policy own_tenant on own_trust_marks to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on own_trust_marks to {system} using (true) with check (true);

grant select, insert, update, delete on trust_mark_types, trust_marks, trust_mark_jwts, trust_mark_requests, trust_mark_delegations, own_trust_marks to {app}, {system};
