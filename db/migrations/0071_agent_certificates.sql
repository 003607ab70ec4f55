-- Issuers of certificates that a tenant trusts for its agents: a root, and what stands between it and the agents' own.
create table certificate_authorities (
    tenant_id    uuid        not null,
    authority_id uuid        not null,
    name         text        not null check (length(name) between 1 and 200),
    -- In DER, the root first.
    certificates bytea[]     not null check (cardinality(certificates) between 1 and 5),
    created_at   timestamptz not null,
    primary key (tenant_id, authority_id)
);
-- The same root twice would be two answers to the question whose certificate it is.
create unique index certificate_authorities_by_root on certificate_authorities (tenant_id, sha256(certificates[1]));

alter table certificate_authorities enable row level security;
alter table certificate_authorities force row level security;
create policy own_tenant on certificate_authorities to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on certificate_authorities to {system} using (true) with check (true);
grant select, insert, delete, update on certificate_authorities to {app}, {system};

-- A certificate (RFC 8705) is known by its thumbprint, by its key, or by who issued it and one name in it.
alter table agent_credentials
    add column certificate_thumbprint text check (length(certificate_thumbprint) = 43),
    add column authority_id           uuid,
    add column certificate_name_kind  text check (certificate_name_kind in ('subject_dn', 'san_dns', 'san_uri', 'san_ip', 'san_email')),
    add column certificate_name       text check (length(certificate_name) <= 1024),
    -- A digest of whichever it is: while the credential lives, no other of the tenant has it.
    add column certificate_of         text check (length(certificate_of) = 43),
    drop constraint agent_credentials_kind_check,
    add constraint agent_credentials_kind_check check (kind in ('client_secret', 'private_key_jwt', 'workload_identity', 'certificate')),
    add constraint agent_credentials_certificate check (case kind
        when 'certificate' then certificate_of is not null and num_nonnulls(certificate_thumbprint, jwk, authority_id) = 1
                            and num_nonnulls(authority_id, certificate_name_kind, certificate_name) in (0, 3)
                            and num_nonnulls(hash, jwks_uri) = 0
        else num_nonnulls(certificate_thumbprint, authority_id, certificate_name_kind, certificate_name, certificate_of) = 0 end);
create unique index agent_credentials_by_certificate on agent_credentials (tenant_id, certificate_of) where state = 'active';
create index agent_credentials_of_authority on agent_credentials (tenant_id, authority_id) where authority_id is not null and state = 'active';
