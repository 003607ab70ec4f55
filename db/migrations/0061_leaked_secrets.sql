-- A secret that somebody found is looked up by its hash.
create index agent_credentials_by_hash on agent_credentials (tenant_id, hash) where hash is not null;
create index agent_credentials_by_previous_hash on agent_credentials (tenant_id, previous_hash) where previous_hash is not null;
create index client_secrets_by_hash on client_secrets (tenant_id, hash);
