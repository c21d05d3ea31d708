CREATE TABLE "quarantine" (
	"id" text PRIMARY KEY DEFAULT gen_random_uuid()::text NOT NULL,
	"ordinal" bigint GENERATED ALWAYS AS IDENTITY (sequence name "quarantine_ordinal_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"instrument" integer NOT NULL,
	"size" integer NOT NULL,
	"time" timestamp with time zone,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"decided_by" text NOT NULL,
	"reason" text NOT NULL,
	"sample" text NOT NULL,
	"market_time" timestamp with time zone,
	"machine_time" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"source" text NOT NULL,
	"request" text,
	CONSTRAINT "quarantine_ordinal_unique" UNIQUE("ordinal")
);
--> statement-breakpoint
CREATE TABLE "revisions" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "revisions_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
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
	"market_time" timestamp with time zone,
	"machine_time" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"source" text NOT NULL,
	"request" text
);
--> statement-breakpoint
CREATE UNIQUE INDEX "quarantine_of_bar" ON "quarantine" USING btree ("instrument","size","time") WHERE kind <> 'badValue';--> statement-breakpoint
CREATE UNIQUE INDEX "quarantine_of_row" ON "quarantine" USING btree ("instrument","size",md5("sample")) WHERE kind = 'badValue';--> statement-breakpoint
CREATE INDEX "revisions_of_bar" ON "revisions" USING btree ("instrument","size","time");