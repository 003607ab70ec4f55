-- What an agent says of itself to anybody, where it is published; in the A2A protocol's words.
create table agent_cards (
    tenant_id  uuid        not null,
    agent_id   uuid        not null,
    content    text        not null check (length(content) <= 65536),
    published  boolean     not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    primary key (tenant_id, agent_id)
);

alter table agent_cards enable row level security;
alter table agent_cards force row level security;
create policy own_tenant on agent_cards to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on agent_cards to {system} using (true) with check (true);

grant select, insert, update, delete on agent_cards to {app}, {system};
