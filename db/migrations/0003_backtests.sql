CREATE TABLE "backtests" (
	"id" text PRIMARY KEY DEFAULT gen_random_uuid()::text NOT NULL,
	"ordinal" bigint GENERATED ALWAYS AS IDENTITY (sequence name "backtests_ordinal_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"state" text DEFAULT 'queued' NOT NULL,
	"reason" text,
	"created_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"alive_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"request" text NOT NULL,
	"result" text,
	"trades" text,
	"columns" "bytea",
	CONSTRAINT "backtests_ordinal_unique" UNIQUE("ordinal")
);
