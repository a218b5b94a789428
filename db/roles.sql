-- Who may do what in the database (S88). Run after every migration where the connecting user may make roles; safe to repeat. Roles belong to the
-- whole server, so their rights are given in each database. They cannot sign in by themselves: `npm start` with the embedded server gives the first
-- two a password for as long as it runs; elsewhere the operator grants them to whom they like.
--
--   the owner         whoever migrates: makes and changes tables. Nothing that answers requests is it.
--   baton_app         the portal: rows, and no DDL. Of evidence (history, security events) it may read and add.
--   baton_worker      the same, and numbers and chains the security events. A member of baton_app, so that it may end what a frozen portal holds.
--   baton_reporting   reads the views of the schema contract, and nothing else.

do $$
declare
  wanted text;
begin
  foreach wanted in array array['baton_app', 'baton_worker', 'baton_reporting'] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then execute format('create role %I nologin', wanted); end if;
    exception when duplicate_object or unique_violation then null; -- another database of this server was quicker
    end;
  end loop;
  if not pg_has_role('baton_worker', 'baton_app', 'usage') then
    begin
      grant baton_app to baton_worker;
    exception when insufficient_privilege then null; -- another owner of this server made them: a frozen portal is then ended by the server's timeouts
    end;
  end if;
end $$;

grant usage on schema public, drizzle to baton_app, baton_worker;
grant select on drizzle.__drizzle_migrations to baton_app, baton_worker;
grant select, insert, update, delete on all tables in schema public to baton_app, baton_worker;
grant usage on all sequences in schema public to baton_app, baton_worker;

revoke update, delete on history, security_event, submitted_facts, sealed_decision from baton_app, baton_worker;
grant update (seq, prev_hash, hash) on security_event to baton_worker;

-- The one thing of the kind of DDL that people do as they work, an index for a field they add, is done as the owner by functions that do that only.
revoke execute on function ensure_field_index(text, text, text), drop_field_index(text, text) from public;
grant execute on function ensure_field_index(text, text, text), drop_field_index(text, text) to baton_app, baton_worker;

grant usage on schema contract to baton_app, baton_worker, baton_reporting;
grant select on all tables in schema contract to baton_app, baton_worker, baton_reporting;
