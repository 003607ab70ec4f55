-- People are found by one row a term. Row security keeps an index over the array from being used: whether an array holds a value is not a question
-- PostgreSQL answers before it has asked whose the row is; whether two values are equal is. Each look-up reads a page of rows, however many people there are.
create table user_search_terms (
    tenant_id uuid  not null,
    term      bytea not null check (length(term) = 16),
    user_id   uuid  not null,
    primary key (tenant_id, term, user_id)
);

alter table user_search_terms enable row level security;
alter table user_search_terms force row level security;
create policy own_tenant on user_search_terms to {app}
    using (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid)
    with check (tenant_id = nullif(current_setting('signet.tenant', true), '')::uuid);
create policy every_tenant on user_search_terms to {system} using (true) with check (true);
grant select, insert, delete on user_search_terms to {app}, {system};

-- The person's row keeps the list of its terms, and these rows follow it, whoever writes.
create function keep_search_terms() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        delete from user_search_terms where tenant_id = old.tenant_id and term = any(old.search_terms) and user_id = old.user_id;
    end if;
    if tg_op <> 'DELETE' then
        insert into user_search_terms (tenant_id, term, user_id)
        select new.tenant_id, term, new.user_id from unnest(new.search_terms) as term
        on conflict do nothing;
    end if;
    return null;
end $$;

-- Row security is forced, so even the owner needs policies for the one move it makes.
create policy moved on users for select to current_user using (true);
create policy moved on user_search_terms for insert to current_user with check (true);
insert into user_search_terms (tenant_id, term, user_id)
select distinct tenant_id, unnest(search_terms), user_id from users;
drop policy moved on users;
drop policy moved on user_search_terms;

create trigger keep_search_terms after insert or update of search_terms or delete on users for each row execute function keep_search_terms();
drop index users_by_search_term;

-- The few who are deactivated, among the many who are not.
create index users_by_state on users (tenant_id, state, user_id);
