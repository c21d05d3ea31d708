CREATE TABLE "decisions" (
	"symbol" text NOT NULL,
	"candle_time" timestamp with time zone NOT NULL,
	"decided_at" timestamp with time zone NOT NULL,
	"open" double precision NOT NULL,
	"high" double precision NOT NULL,
	"low" double precision NOT NULL,
	"close" double precision NOT NULL,
	"volume" double precision NOT NULL,
	"vwap" double precision,
	"trade_count" double precision,
	"bar_hash" text NOT NULL,
	"position" text NOT NULL,
	"breakout" json,
	"swing_low" json,
	"moving_average" double precision,
	"stop" double precision,
	"conditions" json NOT NULL,
	"action" text NOT NULL,
	"reason" text NOT NULL,
	"outcome" text NOT NULL,
	"hindrance" text,
	"intent" text,
	"made_at" timestamp with time zone NOT NULL,
	"trader" bigint NOT NULL,
	CONSTRAINT "decisions_symbol_candle_time_pk" PRIMARY KEY("symbol","candle_time")
);
--> statement-breakpoint
CREATE TABLE "executions" (
	"root" text NOT NULL,
	"revision" integer NOT NULL,
	"ordinal" bigint GENERATED ALWAYS AS IDENTITY (sequence name "executions_ordinal_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"intent" text,
	"is_synthetic" boolean NOT NULL,
	"account" text NOT NULL,
	"symbol" text NOT NULL,
	"order_id" bigint NOT NULL,
	"client_id" bigint NOT NULL,
	"perm_id" bigint NOT NULL,
	"order_ref" text NOT NULL,
	"side" text NOT NULL,
	"quantity" double precision NOT NULL,
	"price" double precision NOT NULL,
	"time" timestamp with time zone NOT NULL,
	"commission" double precision,
	"realized_pnl" double precision,
	"booked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "executions_root_revision_pk" PRIMARY KEY("root","revision"),
	CONSTRAINT "executions_ordinal_unique" UNIQUE("ordinal")
);
--> statement-breakpoint
CREATE TABLE "intents" (
	"id" text PRIMARY KEY NOT NULL,
	"ordinal" bigint GENERATED ALWAYS AS IDENTITY (sequence name "intents_ordinal_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"purpose" text NOT NULL,
	"symbol" text NOT NULL,
	"candle_time" timestamp with time zone NOT NULL,
	"attempt" integer NOT NULL,
	"order_ref" text NOT NULL,
	"order_id" bigint,
	"parent" text,
	"oca_group" text NOT NULL,
	"side" text NOT NULL,
	"quantity" double precision NOT NULL,
	"type" text NOT NULL,
	"stop_price" double precision,
	"reason" text NOT NULL,
	"state" text NOT NULL,
	"code" text,
	"detail" text,
	"epoch" bigint NOT NULL,
	"build" text NOT NULL,
	"bar_hash" text NOT NULL,
	"risk" text NOT NULL,
	"perm_id" bigint,
	"filled" double precision DEFAULT 0 NOT NULL,
	"average_price" double precision,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"sends" integer DEFAULT 0 NOT NULL,
	"sent_in_session" integer,
	"absent_since" timestamp with time zone,
	CONSTRAINT "intents_ordinal_unique" UNIQUE("ordinal"),
	CONSTRAINT "intents_order_ref_unique" UNIQUE("order_ref"),
	CONSTRAINT "intents_order_id_unique" UNIQUE("order_id")
);
--> statement-breakpoint
CREATE TABLE "order_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "order_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"intent" text,
	"order_id" bigint,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"detail" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trader_starts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "trader_starts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "traders" (
	"id" smallint PRIMARY KEY DEFAULT 1 NOT NULL,
	"level" text NOT NULL,
	"is_flattening" boolean NOT NULL,
	"is_panicking" boolean NOT NULL,
	"reason" text,
	"cause" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	"settings" json NOT NULL,
	"account" text,
	"last_order_id" bigint NOT NULL,
	"warmed_from" timestamp with time zone,
	"day" json,
	"version" bigint DEFAULT 1 NOT NULL,
	CONSTRAINT "traders_only_one" CHECK ("traders"."id" = 1)
);
--> statement-breakpoint
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_intent_intents_id_fk" FOREIGN KEY ("intent") REFERENCES "public"."intents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "executions" ADD CONSTRAINT "executions_intent_intents_id_fk" FOREIGN KEY ("intent") REFERENCES "public"."intents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "intents" ADD CONSTRAINT "intents_parent_intents_id_fk" FOREIGN KEY ("parent") REFERENCES "public"."intents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order_events" ADD CONSTRAINT "order_events_intent_intents_id_fk" FOREIGN KEY ("intent") REFERENCES "public"."intents"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "executions_of_symbol" ON "executions" USING btree ("symbol","time");--> statement-breakpoint
CREATE INDEX "executions_time" ON "executions" USING btree ("time");--> statement-breakpoint
CREATE INDEX "executions_of_intent" ON "executions" USING btree ("intent");--> statement-breakpoint
CREATE UNIQUE INDEX "intents_of_candle" ON "intents" USING btree ("symbol","candle_time","purpose","attempt") WHERE state <> 'denied';--> statement-breakpoint
CREATE UNIQUE INDEX "intents_open_entry" ON "intents" USING btree ("symbol") WHERE purpose = 'entry' and state in ('reserved', 'sending', 'working', 'partial', 'held', 'cancelling', 'unresolved');--> statement-breakpoint
CREATE INDEX "intents_open" ON "intents" USING btree ("ordinal") WHERE state in ('reserved', 'sending', 'working', 'partial', 'held', 'cancelling', 'unresolved');--> statement-breakpoint
CREATE INDEX "intents_created_at" ON "intents" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "order_events_of_intent" ON "order_events" USING btree ("intent","id");--> statement-breakpoint
CREATE INDEX "trader_starts_at" ON "trader_starts" USING btree ("at");--> statement-breakpoint
CREATE FUNCTION "refuse_to_rewrite"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is a journal: % is refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'restrict_violation';
END
$$;--> statement-breakpoint
CREATE TRIGGER "order_events_only_grow" BEFORE UPDATE OR DELETE OR TRUNCATE ON "order_events" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_rewrite"();--> statement-breakpoint
CREATE TRIGGER "decisions_only_grow" BEFORE UPDATE OR DELETE OR TRUNCATE ON "decisions" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_rewrite"();--> statement-breakpoint
CREATE TRIGGER "intents_are_kept" BEFORE DELETE OR TRUNCATE ON "intents" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_rewrite"();--> statement-breakpoint
CREATE TRIGGER "executions_are_kept" BEFORE DELETE OR TRUNCATE ON "executions" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_rewrite"();--> statement-breakpoint
CREATE TRIGGER "executions_stay_as_told" BEFORE UPDATE OF "root", "revision", "ordinal", "intent", "is_synthetic", "account", "symbol", "order_id", "client_id", "perm_id", "order_ref", "side", "quantity", "price", "time", "booked_at" ON "executions" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_to_rewrite"();
