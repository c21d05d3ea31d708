CREATE TABLE "backfills" (
	"id" text PRIMARY KEY DEFAULT gen_random_uuid()::text NOT NULL,
	"ordinal" bigint GENERATED ALWAYS AS IDENTITY (sequence name "backfills_ordinal_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"instrument" integer NOT NULL,
	"session" text NOT NULL,
	"starts" timestamp with time zone NOT NULL,
	"ends" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"cancelled" boolean DEFAULT false NOT NULL,
	CONSTRAINT "backfills_ordinal_unique" UNIQUE("ordinal")
);
--> statement-breakpoint
CREATE TABLE "bars" (
	"time" timestamp with time zone NOT NULL,
	"volume" bigint NOT NULL,
	"instrument" integer NOT NULL,
	"size" integer NOT NULL,
	"open" integer NOT NULL,
	"high" integer NOT NULL,
	"low" integer NOT NULL,
	"close" integer NOT NULL,
	"vwap" integer,
	"trade_count" integer,
	CONSTRAINT "bars_instrument_size_time_pk" PRIMARY KEY("instrument","size","time")
);
--> statement-breakpoint
CREATE TABLE "chunks" (
	"id" text PRIMARY KEY DEFAULT gen_random_uuid()::text NOT NULL,
	"backfill" text NOT NULL,
	"starts" timestamp with time zone NOT NULL,
	"ends" timestamp with time zone NOT NULL,
	"not_before" timestamp with time zone NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"empty_answers" integer DEFAULT 0 NOT NULL,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "coverage" (
	"instrument" integer NOT NULL,
	"size" integer NOT NULL,
	"date" date NOT NULL,
	"done" "tstzmultirange" NOT NULL,
	"empty" "tstzmultirange" NOT NULL,
	"partial" "tstzmultirange" NOT NULL,
	"failed" "tstzmultirange" NOT NULL,
	CONSTRAINT "coverage_instrument_size_date_pk" PRIMARY KEY("instrument","size","date")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"route" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"status" smallint NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "idempotency_keys_route_key_pk" PRIMARY KEY("route","key")
);
--> statement-breakpoint
CREATE TABLE "instruments" (
	"id" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "instruments_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"symbol" text NOT NULL,
	"con_id" integer NOT NULL,
	"exchange" text NOT NULL,
	"primary_exchange" text NOT NULL,
	"currency" text NOT NULL,
	"min_tick" double precision NOT NULL,
	"price_scale" integer NOT NULL,
	"tracked" boolean NOT NULL,
	CONSTRAINT "instruments_symbol_unique" UNIQUE("symbol")
);
--> statement-breakpoint
CREATE TABLE "job_runs" (
	"name" text PRIMARY KEY NOT NULL,
	"last_run" timestamp with time zone NOT NULL,
	"last_result" text NOT NULL,
	"detail" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"epoch" bigint NOT NULL,
	"holder" text NOT NULL,
	"taken_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pacing_log" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "pacing_log_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL,
	"weight" smallint NOT NULL,
	"lane" text NOT NULL,
	"signature" text NOT NULL,
	"contract" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollups" (
	"time" timestamp with time zone NOT NULL,
	"volume" bigint NOT NULL,
	"trade_count" bigint,
	"instrument" integer NOT NULL,
	"size" integer NOT NULL,
	"open" integer NOT NULL,
	"high" integer NOT NULL,
	"low" integer NOT NULL,
	"close" integer NOT NULL,
	"vwap_volume" numeric,
	CONSTRAINT "rollups_instrument_size_time_pk" PRIMARY KEY("instrument","size","time")
);
--> statement-breakpoint
CREATE TABLE "second_bars" (
	"time" timestamp with time zone NOT NULL,
	"instrument" integer NOT NULL,
	"open" integer NOT NULL,
	"high" integer NOT NULL,
	"low" integer NOT NULL,
	"close" integer NOT NULL,
	"volume" integer NOT NULL,
	"vwap" integer,
	"trade_count" integer,
	CONSTRAINT "second_bars_instrument_time_pk" PRIMARY KEY("instrument","time")
) PARTITION BY RANGE ("time");
--> statement-breakpoint
CREATE TABLE "worlds" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"kind" text NOT NULL,
	"world" jsonb,
	"anchor" timestamp with time zone,
	"ledger_home" text NOT NULL,
	CONSTRAINT "worlds_only_one" CHECK ("worlds"."id" = 1)
);
--> statement-breakpoint
ALTER TABLE "backfills" ADD CONSTRAINT "backfills_instrument_instruments_id_fk" FOREIGN KEY ("instrument") REFERENCES "public"."instruments"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chunks" ADD CONSTRAINT "chunks_backfill_backfills_id_fk" FOREIGN KEY ("backfill") REFERENCES "public"."backfills"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chunks_of_backfill" ON "chunks" USING btree ("backfill","state");--> statement-breakpoint
CREATE INDEX "chunks_waiting" ON "chunks" USING btree ("starts" DESC NULLS FIRST) WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "chunks_queued" ON "chunks" USING btree ("id") WHERE state = 'queued';--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "pacing_log_at" ON "pacing_log" USING btree ("at");