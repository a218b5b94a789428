-- What drizzle's schema cannot say: triggers that make evidence append-only, and the search index. Run after every migration; safe to repeat.

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end $$;

-- History: a row may lose what people wrote (`personal`), and nothing else.
create or replace function guard_history() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.personal is null and to_jsonb(new) - 'personal' = to_jsonb(old) - 'personal' then return new; end if;
  raise exception 'history is append-only' using errcode = 'restrict_violation';
end $$;
drop trigger if exists history_append_only on history;
create trigger history_append_only before update or delete on history for each row execute function guard_history();
drop trigger if exists history_no_truncate on history;
create trigger history_no_truncate before truncate on history execute function refuse_change();

-- What is kept beside the history for comparing: what was submitted, and what was seen by whoever decided.
drop trigger if exists submitted_facts_append_only on submitted_facts;
create trigger submitted_facts_append_only before update or delete on submitted_facts for each row execute function refuse_change();
drop trigger if exists submitted_facts_no_truncate on submitted_facts;
create trigger submitted_facts_no_truncate before truncate on submitted_facts execute function refuse_change();
drop trigger if exists sealed_decision_append_only on sealed_decision;
create trigger sealed_decision_append_only before update or delete on sealed_decision for each row execute function refuse_change();
drop trigger if exists sealed_decision_no_truncate on sealed_decision;
create trigger sealed_decision_no_truncate before truncate on sealed_decision execute function refuse_change();

-- Security events: sealing fills seq, prev_hash and hash once.
create or replace function guard_security_event() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.seq is null and to_jsonb(new) - array['seq','prev_hash','hash'] = to_jsonb(old) - array['seq','prev_hash','hash'] then return new; end if;
  raise exception 'security_event is append-only' using errcode = 'restrict_violation';
end $$;
drop trigger if exists security_event_append_only on security_event;
create trigger security_event_append_only before update or delete on security_event for each row execute function guard_security_event();
drop trigger if exists security_event_no_truncate on security_event;
create trigger security_event_no_truncate before truncate on security_event execute function refuse_change();

-- A version that was ever active, or that a debug run is pinned to, keeps its content for ever; the latter may still be activated.
create or replace function guard_definition_version() returns trigger language plpgsql as $$
begin
  if old.first_activated_at is null and old.tried_at is null then return case tg_op when 'DELETE' then old else new end; end if;
  if tg_op = 'UPDATE' and to_jsonb(new) - array['status','activated_at'] = to_jsonb(old) - array['status','activated_at'] then return new; end if;
  if tg_op = 'UPDATE' and old.first_activated_at is null and
    to_jsonb(new) - array['status','activated_at','first_activated_at'] = to_jsonb(old) - array['status','activated_at','first_activated_at'] then return new; end if;
  raise exception 'a version that was active or tried cannot be changed' using errcode = 'restrict_violation';
end $$;
drop trigger if exists definition_version_immutable on definition_version;
create trigger definition_version_immutable before update or delete on definition_version for each row execute function guard_definition_version();

-- Attachments: a row is marked as removed once and changed in nothing else, content in nothing at all. Their record takes both with it when it is deleted.
create or replace function guard_attachment() returns trigger language plpgsql as $$
begin
  if old.removed_at is null and to_jsonb(new) - array['removed_by','removed_at'] = to_jsonb(old) - array['removed_by','removed_at'] then return new; end if;
  raise exception 'an attachment is not changed' using errcode = 'restrict_violation';
end $$;
drop trigger if exists attachment_immutable on attachment;
create trigger attachment_immutable before update on attachment for each row execute function guard_attachment();
drop trigger if exists attachment_content_immutable on attachment_content;
create trigger attachment_content_immutable before update on attachment_content for each row execute function refuse_change();
-- Most files are compressed already.
alter table attachment_content alter column bytes set storage external;

-- Rows that are changed soon after they were written leave room beside them: what no index is about is then changed without touching any.
alter table command set (fillfactor = 60);
alter table run set (fillfactor = 60);
alter table stage_run set (fillfactor = 70);
alter table step_run set (fillfactor = 60);

-- Histories that grew lately, for the worker that seals their ends. Costs a writer nothing to speak of: rows come in the order of time.
create index if not exists history_at on history using brin (at) with (autosummarize = on);
create index if not exists record_search on record using gin (to_tsvector('simple', search_text));

-- The index by which records of one object are sorted and found by one of its fields. Called when an admin adds the field; the expressions
-- are those of lib/records/queries/column-of.ts. Long texts and checkboxes have none.
create or replace function ensure_field_index(object_name text, field_name text, field_type text) returns void
  language plpgsql security definer set search_path = pg_catalog, public as $$
declare
  raw text := format('(data ->> %L)', field_name);
  key text := case
    when field_type in ('number', 'currency') then format('coalesce(%s::numeric, ''-Infinity''::numeric)', raw)
    when field_type in ('text', 'email') then format('lower(coalesce(%s, ''''))', raw)
    when field_type in ('date', 'datetime', 'picklist', 'lookup', 'user') then format('coalesce(%s, '''') collate "C"', raw)
  end;
begin
  if key is null then return; end if;
  execute format('create index if not exists %I on record ((%s), record_id) where object_name = %L',
    'record_field_' || left(md5(object_name || '.' || field_name), 16), key, object_name);
end $$;

-- The index of a field that is deleted, so that a later field of its name begins anew.
create or replace function drop_field_index(object_name text, field_name text) returns void
  language plpgsql security definer set search_path = pg_catalog, public as $$
begin
  execute format('drop index if exists %I', 'record_field_' || left(md5(object_name || '.' || field_name), 16));
end $$;

insert into "user" (user_id, kind, username, email, name, role)
values ('usr_automated', 'system', 'automated.process', 'automated.process@baton.invalid', 'Automated Process', 'member')
on conflict (user_id) do nothing;

-- The calendar by which working time is counted where a flow names none.
insert into calendar (calendar_name, label, time_zone, hours)
values ('Default', 'Office hours', 'UTC', (select jsonb_agg(case when day <= 5 then '[{"from": "09:00", "to": "17:00"}]'::jsonb else '[]'::jsonb end order by day) from generate_series(1, 7) as day))
on conflict (calendar_name) do nothing;
