CREATE TABLE "attachment" (
	"attachment_id" text PRIMARY KEY NOT NULL,
	"record_id" text NOT NULL,
	"name" text NOT NULL,
	"media_type" text NOT NULL,
	"size" integer NOT NULL,
	"sha256" text NOT NULL,
	"uploaded_by" text NOT NULL,
	"uploaded_at" timestamp (3) with time zone NOT NULL,
	"removed_by" text,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "attachment_content" (
	"attachment_id" text PRIMARY KEY NOT NULL,
	"bytes" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "calendar" (
	"calendar_name" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"time_zone" text NOT NULL,
	"hours" jsonb NOT NULL,
	"holidays" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "allowed_host" (
	"scheme" text NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"added_by" text NOT NULL,
	"added_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "allowed_host_scheme_host_port_pk" PRIMARY KEY("scheme","host","port")
);
--> statement-breakpoint
CREATE TABLE "connection" (
	"connection_id" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"base_url" text NOT NULL,
	"credential_id" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "connection_label_unique" UNIQUE("label")
);
--> statement-breakpoint
CREATE TABLE "credential" (
	"credential_id" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"kind" text NOT NULL,
	"origin" text NOT NULL,
	"header_name" text,
	"username" text,
	"key_id" text NOT NULL,
	"sealed" text NOT NULL,
	"changed_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "credential_label_unique" UNIQUE("label")
);
--> statement-breakpoint
CREATE TABLE "event_source" (
	"name" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"definition_id" text NOT NULL,
	"key_id" text NOT NULL,
	"sealed" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_event_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "operation" (
	"name" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"connection_id" text NOT NULL,
	"method" text NOT NULL,
	"path" text NOT NULL,
	"headers" json NOT NULL,
	"input" json NOT NULL,
	"output" json,
	"timeout_seconds" integer NOT NULL,
	"max_attempts" integer NOT NULL,
	"errors" json NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"changed_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "definition" (
	"definition_id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"type" text NOT NULL,
	"label" text NOT NULL,
	"active_version" integer,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "definition_version" (
	"definition_id" text NOT NULL,
	"version" integer NOT NULL,
	"status" text DEFAULT 'draft' NOT NULL,
	"body" jsonb NOT NULL,
	"hash" text NOT NULL,
	"trigger_object" text,
	"one_open_run" boolean DEFAULT false NOT NULL,
	"is_asynchronous" boolean DEFAULT false NOT NULL,
	"reads_outside" jsonb,
	"saved_by" text NOT NULL,
	"saved_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"activated_at" timestamp (3) with time zone,
	"first_activated_at" timestamp (3) with time zone,
	"tried_at" timestamp (3) with time zone,
	CONSTRAINT "definition_version_definition_id_version_pk" PRIMARY KEY("definition_id","version")
);
--> statement-breakpoint
CREATE TABLE "mail_preference" (
	"user_id" text PRIMARY KEY NOT NULL,
	"mode" text NOT NULL,
	"hour" integer DEFAULT 8 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reply_token" (
	"secret_hash" text PRIMARY KEY NOT NULL,
	"message_id" text NOT NULL,
	"work_item_id" text NOT NULL,
	"assignment_no" integer NOT NULL,
	"user_id" text NOT NULL,
	"shown" jsonb NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"replies" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_token" (
	"token_id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"hint" text NOT NULL,
	"secret_hash" text NOT NULL,
	"scopes" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "api_token_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "attempt" (
	"subject" text NOT NULL,
	"window_start" timestamp (3) with time zone NOT NULL,
	"count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "attempt_subject_window_start_pk" PRIMARY KEY("subject","window_start")
);
--> statement-breakpoint
CREATE TABLE "delegation" (
	"delegation_id" text PRIMARY KEY NOT NULL,
	"delegator_id" text NOT NULL,
	"delegate_id" text NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"valid_to" timestamp (3) with time zone NOT NULL,
	"processes" text[],
	"max_amount" numeric,
	"may_pass_on" boolean DEFAULT false NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"accepted_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text
);
--> statement-breakpoint
CREATE TABLE "membership" (
	"container_type" text NOT NULL,
	"container_id" text NOT NULL,
	"member_type" text NOT NULL,
	"member_id" text NOT NULL,
	CONSTRAINT "membership_container_type_container_id_member_type_member_id_pk" PRIMARY KEY("container_type","container_id","member_type","member_id")
);
--> statement-breakpoint
CREATE TABLE "one_time_link" (
	"link_id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"user_id" text,
	"secret_hash" text NOT NULL,
	"browser_hash" text,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "one_time_link_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
CREATE TABLE "queue" (
	"queue_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"label" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "queue_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "session" (
	"session_id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"method" text NOT NULL,
	"user_agent" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user" (
	"user_id" text PRIMARY KEY NOT NULL,
	"kind" text DEFAULT 'person' NOT NULL,
	"username" text NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"role" text DEFAULT 'member' NOT NULL,
	"manager_id" text,
	"active" boolean DEFAULT true NOT NULL,
	"time_zone" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "user_group" (
	"group_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"label" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "user_group_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "job" (
	"job_id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"dedupe_key" text,
	"run_id" text,
	"step_run_id" text,
	"payload" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"max_attempts" integer DEFAULT 5 NOT NULL,
	"fence" bigint DEFAULT 0 NOT NULL,
	"run_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"last_error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "mailbox_message" (
	"mailbox_message_id" text PRIMARY KEY NOT NULL,
	"recipient" text NOT NULL,
	"sender" text NOT NULL,
	"subject" text NOT NULL,
	"text_body" text NOT NULL,
	"html_body" text,
	"message_id" text DEFAULT '' NOT NULL,
	"reply_to" text,
	"received_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"is_read" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"message_id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"dedupe_key" text,
	"work_item_id" text,
	"assignment_no" integer,
	"run_id" text,
	"recipient_id" text,
	"recipient" text,
	"content" jsonb NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"fence" bigint DEFAULT 0 NOT NULL,
	"lease_until" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"sent_at" timestamp (3) with time zone,
	"last_error" text,
	CONSTRAINT "outbox_dedupe_key_unique" UNIQUE("dedupe_key")
);
--> statement-breakpoint
CREATE TABLE "security_event" (
	"event_id" text PRIMARY KEY NOT NULL,
	"seq" bigint,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_id" text,
	"action" text NOT NULL,
	"object_id" text,
	"allowed" boolean NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"prev_hash" text,
	"hash" text,
	CONSTRAINT "security_event_seq_unique" UNIQUE("seq")
);
--> statement-breakpoint
CREATE TABLE "setting" (
	"name" text PRIMARY KEY NOT NULL,
	"value" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "worker_beat" (
	"worker_id" text PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"beat_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"mail_ok" boolean,
	"mail_error" text
);
--> statement-breakpoint
CREATE TABLE "field" (
	"object_name" text NOT NULL,
	"field_name" text NOT NULL,
	"label" text NOT NULL,
	"type" text NOT NULL,
	"required" boolean DEFAULT false NOT NULL,
	"default_value" jsonb,
	"help" text DEFAULT '' NOT NULL,
	"options" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "field_object_name_field_name_pk" PRIMARY KEY("object_name","field_name")
);
--> statement-breakpoint
CREATE TABLE "object" (
	"object_name" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"plural_label" text NOT NULL,
	"name_label" text DEFAULT 'Name' NOT NULL,
	"icon" text DEFAULT 'file' NOT NULL,
	"others_may" text DEFAULT 'none' NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "record" (
	"record_id" text PRIMARY KEY NOT NULL,
	"object_name" text NOT NULL,
	"name" text NOT NULL,
	"owner_id" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"search_text" text DEFAULT '' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "command" (
	"command_id" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"actor_id" text,
	"subject_id" text,
	"run_id" text,
	"received_at" timestamp (3) with time zone NOT NULL,
	"committed_at" timestamp (3) with time zone,
	"result" text DEFAULT 'applied' NOT NULL,
	"answer" jsonb
);
--> statement-breakpoint
CREATE TABLE "history" (
	"run_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"type" text NOT NULL,
	"subject_type" text NOT NULL,
	"subject_id" text NOT NULL,
	"milestone" text,
	"from_status" text,
	"to_status" text,
	"actor_type" text NOT NULL,
	"actor_id" text,
	"on_behalf_of" text,
	"run_as" text,
	"command_id" text NOT NULL,
	"payload" jsonb NOT NULL,
	"personal" jsonb,
	"salt" text,
	"personal_digest" text,
	"prev_hash" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "history_run_id_seq_pk" PRIMARY KEY("run_id","seq")
);
--> statement-breakpoint
CREATE TABLE "record_lock" (
	"record_id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"editor_id" text,
	"since" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "run" (
	"run_id" text PRIMARY KEY NOT NULL,
	"definition_id" text NOT NULL,
	"definition_version" integer NOT NULL,
	"definition_hash" text NOT NULL,
	"process_type" text NOT NULL,
	"label" text NOT NULL,
	"kind" text DEFAULT 'main' NOT NULL,
	"record_type" text,
	"record_id" text,
	"record_name" text,
	"status" text NOT NULL,
	"version" bigint NOT NULL,
	"started_by" text,
	"asked_by" text,
	"run_as" text NOT NULL,
	"parent_run_id" text,
	"parent_step_run_id" text,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"stalled_since" timestamp (3) with time zone,
	"stalled_reason" text,
	"error" text,
	"is_debug" boolean DEFAULT false NOT NULL,
	"variables" jsonb NOT NULL,
	"record_prior" jsonb,
	"fault_message" text,
	"waits" jsonb NOT NULL,
	"holds_lock" boolean DEFAULT false NOT NULL,
	"keeps_lock" boolean DEFAULT false NOT NULL,
	"taken" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"depth" integer DEFAULT 0 NOT NULL,
	"debug" jsonb,
	"stage_label" text,
	"head_hash" text NOT NULL,
	"head_seq" bigint NOT NULL,
	"last_event_at" timestamp (3) with time zone NOT NULL,
	"last_command_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stage_run" (
	"run_id" text NOT NULL,
	"stage_run_id" text NOT NULL,
	"ordinal" integer NOT NULL,
	"round" integer NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"exit_proof" jsonb,
	CONSTRAINT "stage_run_run_id_stage_run_id_pk" PRIMARY KEY("run_id","stage_run_id")
);
--> statement-breakpoint
CREATE TABLE "step_run" (
	"run_id" text NOT NULL,
	"step_run_id" text NOT NULL,
	"ordinal" integer NOT NULL,
	"stage_run_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"attempt" integer NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"owner_id" text NOT NULL,
	"flow" jsonb,
	"is_asynchronous" boolean NOT NULL,
	"depends_on" text,
	"entry_met_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"entry_proof" jsonb,
	"exit_proof" jsonb,
	"inputs" jsonb NOT NULL,
	"outputs" jsonb,
	"error" text,
	"error_element" text,
	"stored_failure" jsonb,
	"answer_no" integer,
	"skip_reason" text,
	"decided_by" text,
	"run_as" text,
	CONSTRAINT "step_run_run_id_step_run_id_pk" PRIMARY KEY("run_id","step_run_id")
);
--> statement-breakpoint
CREATE TABLE "wait" (
	"run_id" text NOT NULL,
	"wait_id" text NOT NULL,
	"step_run_id" text,
	"kind" text NOT NULL,
	"object_name" text,
	"record_id" text,
	"due_at" timestamp (3) with time zone,
	"event" text,
	"detail" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"resolved_at" timestamp (3) with time zone,
	CONSTRAINT "wait_run_id_wait_id_pk" PRIMARY KEY("run_id","wait_id")
);
--> statement-breakpoint
CREATE TABLE "assignment" (
	"run_id" text NOT NULL,
	"work_item_id" text NOT NULL,
	"assignment_no" integer NOT NULL,
	"from_type" text,
	"from_id" text,
	"to_type" text NOT NULL,
	"to_id" text NOT NULL,
	"by_id" text,
	"reason" text DEFAULT '' NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "assignment_run_id_work_item_id_assignment_no_pk" PRIMARY KEY("run_id","work_item_id","assignment_no")
);
--> statement-breakpoint
CREATE TABLE "evaluation" (
	"run_id" text NOT NULL,
	"owner_id" text NOT NULL,
	"part" text NOT NULL,
	"flow_name" text NOT NULL,
	"flow_version" integer NOT NULL,
	"met" boolean,
	"error" text,
	"state" jsonb NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "evaluation_run_id_owner_id_part_pk" PRIMARY KEY("run_id","owner_id","part")
);
--> statement-breakpoint
CREATE TABLE "interview" (
	"interview_id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"step_run_id" text NOT NULL,
	"work_item_id" text,
	"user_id" text,
	"flow_name" text NOT NULL,
	"flow_version" integer NOT NULL,
	"status" text NOT NULL,
	"run_as" text,
	"job_id" text,
	"state" jsonb NOT NULL,
	"draft" jsonb,
	"draft_version" integer DEFAULT 0 NOT NULL,
	"draft_saved_at" timestamp (3) with time zone,
	"shown" jsonb,
	"error" text,
	"error_element" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sealed_decision" (
	"run_id" text NOT NULL,
	"work_item_id" text PRIMARY KEY NOT NULL,
	"definition_id" text NOT NULL,
	"step_name" text NOT NULL,
	"record_id" text,
	"decided_at" timestamp (3) with time zone NOT NULL,
	"decided_by" text NOT NULL,
	"outcome" text NOT NULL,
	"seen" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "submission" (
	"run_id" text NOT NULL,
	"submission_id" text NOT NULL,
	"record_type" text,
	"record_id" text,
	"submitted_by" text NOT NULL,
	"comments" text DEFAULT '' NOT NULL,
	"status" text NOT NULL,
	"submitted_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "submission_run_id_submission_id_pk" PRIMARY KEY("run_id","submission_id")
);
--> statement-breakpoint
CREATE TABLE "submitted_facts" (
	"run_id" text NOT NULL,
	"revision" text NOT NULL,
	"definition_id" text NOT NULL,
	"record_id" text NOT NULL,
	"submitted_at" timestamp (3) with time zone NOT NULL,
	"submitted_by" text NOT NULL,
	"seen" jsonb NOT NULL,
	CONSTRAINT "submitted_facts_run_id_revision_pk" PRIMARY KEY("run_id","revision")
);
--> statement-breakpoint
CREATE TABLE "work_item" (
	"run_id" text NOT NULL,
	"work_item_id" text NOT NULL,
	"step_run_id" text NOT NULL,
	"parent_item_id" text,
	"kind" text NOT NULL,
	"voting" boolean DEFAULT false NOT NULL,
	"status" text NOT NULL,
	"label" text NOT NULL,
	"process_label" text NOT NULL,
	"stage_label" text NOT NULL,
	"assignee_type" text NOT NULL,
	"assignee_id" text NOT NULL,
	"assignment_no" integer NOT NULL,
	"assigned_at" timestamp (3) with time zone NOT NULL,
	"claimed_by" text,
	"record_type" text,
	"record_id" text,
	"record_name" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"closed_at" timestamp (3) with time zone,
	"completion_kind" text,
	"completed_by" text,
	"on_behalf_of" text,
	"outcome" text,
	"comments" text,
	"decided_as" text,
	"prompt" text,
	"due_at" timestamp (3) with time zone,
	"ladder" integer DEFAULT 0 NOT NULL,
	"by_hand" boolean DEFAULT false NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"flag" text,
	CONSTRAINT "work_item_run_id_work_item_id_pk" PRIMARY KEY("run_id","work_item_id")
);
--> statement-breakpoint
ALTER TABLE "attachment" ADD CONSTRAINT "attachment_record_id_record_record_id_fk" FOREIGN KEY ("record_id") REFERENCES "public"."record"("record_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "attachment_content" ADD CONSTRAINT "attachment_content_attachment_id_attachment_attachment_id_fk" FOREIGN KEY ("attachment_id") REFERENCES "public"."attachment"("attachment_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "connection" ADD CONSTRAINT "connection_credential_id_credential_credential_id_fk" FOREIGN KEY ("credential_id") REFERENCES "public"."credential"("credential_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operation" ADD CONSTRAINT "operation_connection_id_connection_connection_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."connection"("connection_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "definition_version" ADD CONSTRAINT "definition_version_definition_id_definition_definition_id_fk" FOREIGN KEY ("definition_id") REFERENCES "public"."definition"("definition_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mail_preference" ADD CONSTRAINT "mail_preference_user_id_user_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reply_token" ADD CONSTRAINT "reply_token_user_id_user_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_user_id_user_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_delegator_id_user_user_id_fk" FOREIGN KEY ("delegator_id") REFERENCES "public"."user"("user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "delegation" ADD CONSTRAINT "delegation_delegate_id_user_user_id_fk" FOREIGN KEY ("delegate_id") REFERENCES "public"."user"("user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_user_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("user_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "field" ADD CONSTRAINT "field_object_name_object_object_name_fk" FOREIGN KEY ("object_name") REFERENCES "public"."object"("object_name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record" ADD CONSTRAINT "record_object_name_object_object_name_fk" FOREIGN KEY ("object_name") REFERENCES "public"."object"("object_name") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "history" ADD CONSTRAINT "history_run_id_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record_lock" ADD CONSTRAINT "record_lock_run_id_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stage_run" ADD CONSTRAINT "stage_run_run_id_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "step_run" ADD CONSTRAINT "step_run_run_id_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "wait" ADD CONSTRAINT "wait_run_id_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submission" ADD CONSTRAINT "submission_run_id_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "submitted_facts" ADD CONSTRAINT "submitted_facts_run_id_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "work_item" ADD CONSTRAINT "work_item_run_id_run_run_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."run"("run_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attachment_of_record" ON "attachment" USING btree ("record_id","uploaded_at","attachment_id");--> statement-breakpoint
CREATE INDEX "attachment_of_person" ON "attachment" USING btree ("uploaded_by") WHERE removed_at is null;--> statement-breakpoint
CREATE INDEX "operation_connection" ON "operation" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "definition_version_trigger" ON "definition_version" USING btree ("trigger_object","status");--> statement-breakpoint
CREATE INDEX "reply_token_ends" ON "reply_token" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "api_token_user" ON "api_token" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE INDEX "delegation_by_delegate" ON "delegation" USING btree ("delegate_id","valid_to");--> statement-breakpoint
CREATE INDEX "delegation_by_delegator" ON "delegation" USING btree ("delegator_id","valid_to");--> statement-breakpoint
CREATE INDEX "delegation_list" ON "delegation" USING btree ("created_at","delegation_id");--> statement-breakpoint
CREATE INDEX "membership_member" ON "membership" USING btree ("member_type","member_id");--> statement-breakpoint
CREATE INDEX "session_user" ON "session" USING btree ("user_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "user_username" ON "user" USING btree ("username");--> statement-breakpoint
CREATE UNIQUE INDEX "user_email" ON "user" USING btree ("email");--> statement-breakpoint
CREATE INDEX "user_name" ON "user" USING btree ("name","user_id");--> statement-breakpoint
CREATE INDEX "job_queued" ON "job" USING btree ("run_at","job_id") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "job_running" ON "job" USING btree ("lease_until") WHERE status = 'running';--> statement-breakpoint
CREATE UNIQUE INDEX "job_dedupe" ON "job" USING btree ("dedupe_key") WHERE status in ('queued','running');--> statement-breakpoint
CREATE INDEX "job_by_run" ON "job" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "mailbox_by_recipient" ON "mailbox_message" USING btree ("recipient","received_at");--> statement-breakpoint
CREATE INDEX "mailbox_list" ON "mailbox_message" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("next_attempt_at") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "outbox_told" ON "outbox" USING btree (coalesce("recipient_id", "recipient"),"sent_at");--> statement-breakpoint
CREATE INDEX "outbox_by_item" ON "outbox" USING btree ("work_item_id");--> statement-breakpoint
CREATE INDEX "outbox_by_run" ON "outbox" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "security_event_unsealed" ON "security_event" USING btree ("at","event_id") WHERE seq is null;--> statement-breakpoint
CREATE INDEX "security_event_list" ON "security_event" USING btree ("at");--> statement-breakpoint
CREATE INDEX "record_by_name" ON "record" USING btree ("object_name",lower("name"),"record_id");--> statement-breakpoint
CREATE INDEX "record_by_created" ON "record" USING btree ("object_name","created_at","record_id");--> statement-breakpoint
CREATE INDEX "record_by_updated" ON "record" USING btree ("object_name","updated_at","record_id");--> statement-breakpoint
CREATE INDEX "record_by_owner" ON "record" USING btree ("object_name","owner_id","record_id");--> statement-breakpoint
CREATE INDEX "record_lock_of_run" ON "record_lock" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "run_list" ON "run" USING btree ("started_at","run_id");--> statement-breakpoint
CREATE INDEX "run_by_status" ON "run" USING btree ("status","started_at","run_id");--> statement-breakpoint
CREATE INDEX "run_by_definition" ON "run" USING btree ("definition_id","started_at","run_id");--> statement-breakpoint
CREATE INDEX "run_by_record" ON "run" USING btree ("record_id","started_at");--> statement-breakpoint
CREATE INDEX "run_by_asker" ON "run" USING btree ("asked_by","started_at","run_id");--> statement-breakpoint
CREATE INDEX "run_open" ON "run" USING btree ("definition_id","started_at","run_id","definition_version") WHERE status in ('in_progress', 'suspended', 'error');--> statement-breakpoint
CREATE INDEX "run_debug" ON "run" USING btree ("started_at","run_id") WHERE is_debug;--> statement-breakpoint
CREATE INDEX "run_stalled" ON "run" USING btree ("stalled_since","run_id") WHERE stalled_since is not null;--> statement-breakpoint
CREATE INDEX "step_run_id" ON "step_run" USING btree ("step_run_id");--> statement-breakpoint
CREATE UNIQUE INDEX "wait_open" ON "wait" USING btree ("run_id","kind","record_id") WHERE resolved_at is null and step_run_id is null;--> statement-breakpoint
CREATE INDEX "wait_by_record" ON "wait" USING btree ("record_id") WHERE resolved_at is null;--> statement-breakpoint
CREATE INDEX "wait_by_object" ON "wait" USING btree ("object_name") WHERE resolved_at is null and object_name is not null;--> statement-breakpoint
CREATE INDEX "wait_of_step" ON "wait" USING btree ("step_run_id") WHERE resolved_at is null and step_run_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "interview_of_item" ON "interview" USING btree ("work_item_id","user_id") WHERE work_item_id is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "interview_of_step" ON "interview" USING btree ("step_run_id") WHERE work_item_id is null;--> statement-breakpoint
CREATE INDEX "interview_by_run" ON "interview" USING btree ("run_id");--> statement-breakpoint
CREATE INDEX "sealed_decision_of_record" ON "sealed_decision" USING btree ("record_id","definition_id","step_name","decided_at");--> statement-breakpoint
CREATE INDEX "submission_by_record" ON "submission" USING btree ("record_id","submitted_at");--> statement-breakpoint
CREATE INDEX "submission_by_person" ON "submission" USING btree ("submitted_by","submitted_at");--> statement-breakpoint
CREATE INDEX "submitted_facts_of_record" ON "submitted_facts" USING btree ("record_id","definition_id","submitted_at");--> statement-breakpoint
CREATE UNIQUE INDEX "work_item_id" ON "work_item" USING btree ("work_item_id");--> statement-breakpoint
CREATE INDEX "work_item_open" ON "work_item" USING btree ("assignee_type","assignee_id","created_at","work_item_id") WHERE status = 'assigned';--> statement-breakpoint
CREATE INDEX "work_item_to_approve" ON "work_item" USING btree ("assignee_type","assignee_id","assigned_at","work_item_id") WHERE status = 'assigned' and kind = 'approval' and not voting;--> statement-breakpoint
CREATE INDEX "work_item_approved_by" ON "work_item" USING btree ("completed_by","closed_at","work_item_id") WHERE kind = 'approval' and completion_kind = 'done';--> statement-breakpoint
CREATE INDEX "work_item_done_by" ON "work_item" USING btree ("completed_by","closed_at","work_item_id");--> statement-breakpoint
CREATE INDEX "work_item_by_record" ON "work_item" USING btree ("record_id","created_at") WHERE status = 'assigned';--> statement-breakpoint
CREATE INDEX "work_item_list" ON "work_item" USING btree ("created_at","work_item_id");--> statement-breakpoint
CREATE INDEX "work_item_by_status" ON "work_item" USING btree ("status","created_at","work_item_id");--> statement-breakpoint
CREATE INDEX "work_item_claimed" ON "work_item" USING btree ("claimed_by") WHERE status = 'assigned';