-- A person says every so often that an agent is still wanted; from attested_until on it gets nothing. attestation_told is the end its people were reminded of.
alter table agents
    add column attestation_days integer check (attestation_days > 0),
    add column attested_until   timestamptz,
    add column attestation_told timestamptz,
    add constraint agents_attested_by_interval check ((attestation_days is null) = (attested_until is null));
create index agents_to_attest on agents (tenant_id, attested_until) where attested_until is not null and state = 'active';
create index agents_of_sponsor on agents (tenant_id, sponsor_id) where sponsor_id is not null;
