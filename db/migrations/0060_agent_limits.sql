-- What a tenant allows its agents; null: no limit. And how many access tokens each agent got in each month (UTC), which the limit is held against.
alter table tenant_settings
    add column most_agents       integer check (most_agents > 0),
    add column tokens_a_month    integer check (tokens_a_month > 0),
    add column requests_a_minute integer check (requests_a_minute > 0);

-- What its owner allows it beside the tenant's limit; null: as the tenant.
alter table agents add column monthly_tokens integer check (monthly_tokens > 0);

create table agent_token_counts (
    tenant_id uuid   not null,
    agent_id  uuid   not null,
    month     date   not null check (extract(day from month) = 1),
    tokens    bigint not null,
    primary key (tenant_id, agent_id, month)
);

alter table agent_token_counts enable row level security;
alter table agent_token_counts force row level security;
create policy own_tenant on agent_token_counts to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on agent_token_counts to {system} using (true) with check (true);

grant select, insert, update, delete on agent_token_counts to {app}, {system};
