-- Agents are found by one row a term, as people are: beginnings of the words of the address, the whole address, and each label. Row security keeps
-- the inverted index over labels from being used, and has a search for a part of the address read every agent of the tenant.
create table agent_search_terms (
    tenant_id uuid not null,
    term      text not null,
    agent_id  uuid not null,
    primary key (tenant_id, term, agent_id)
);

alter table agent_search_terms enable row level security;
alter table agent_search_terms force row level security;
create policy own_tenant on agent_search_terms to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on agent_search_terms to {system} using (true) with check (true);
grant select, insert, delete on agent_search_terms to {app}, {system};

alter table agents add column search_terms text[] not null default '{}';

-- The agent's row keeps the list of its terms, and these rows follow it, whoever writes.
create function keep_agent_terms() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        delete from agent_search_terms where tenant_id = old.tenant_id and term = any(old.search_terms) and agent_id = old.agent_id;
    end if;
    if tg_op <> 'DELETE' then
        insert into agent_search_terms (tenant_id, term, agent_id)
        select new.tenant_id, term, new.agent_id from unnest(new.search_terms) as term
        on conflict do nothing;
    end if;
    return null;
end $$;

create trigger keep_agent_terms after insert or delete on agents for each row execute function keep_agent_terms();
create trigger change_agent_terms after update of search_terms on agents for each row
    when (old.search_terms is distinct from new.search_terms) execute function keep_agent_terms();

-- Row security is forced, so even the owner needs policies for the one move it makes.
create policy moved on agents to current_user using (true) with check (true);
create policy moved on agent_search_terms to current_user using (true) with check (true);
update agents set search_terms = array(
    select left(word, length)
      from regexp_split_to_table(lower(email), '[^[:alnum:]]+') as word, generate_series(2, least(length(word), 16)) as length
    union select '@' || lower(email)
    union select ':' || label from unnest(labels) as label);
drop policy moved on agents;
drop policy moved on agent_search_terms;

drop index agents_by_label;

-- The few that are stopped, of one kind or of one place, among the many that are not.
create index agents_by_state on agents (tenant_id, state, agent_id);
create index agents_by_type on agents (tenant_id, agent_type, agent_id);
create index agents_by_env on agents (tenant_id, deployment_env, agent_id);
