CREATE TABLE "webhook_deliveries" (
	"id" text PRIMARY KEY DEFAULT 'dlv_' || replace(gen_random_uuid()::text, '-', '') NOT NULL,
	"ordinal" bigint GENERATED ALWAYS AS IDENTITY (sequence name "webhook_deliveries_ordinal_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"endpoint" text NOT NULL,
	"event" text NOT NULL,
	"type" text NOT NULL,
	"sequence" bigint,
	"status" text DEFAULT 'pending' NOT NULL,
	"asked" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"test_time" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"attempt_count" integer DEFAULT 0 NOT NULL,
	"attempts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "webhook_deliveries_ordinal_unique" UNIQUE("ordinal")
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" text PRIMARY KEY NOT NULL,
	"ordinal" bigint GENERATED ALWAYS AS IDENTITY (sequence name "webhook_endpoints_ordinal_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"url" text NOT NULL,
	"events" text[],
	"description" text NOT NULL,
	"state" text DEFAULT 'enabled' NOT NULL,
	"reason" text,
	"created_at" timestamp with time zone NOT NULL,
	"secret" "bytea" NOT NULL,
	"previous_secret" "bytea",
	"previous_secret_until" timestamp with time zone,
	"told" bigint NOT NULL,
	"tries" smallint DEFAULT 0 NOT NULL,
	"next_try" timestamp with time zone,
	CONSTRAINT "webhook_endpoints_ordinal_unique" UNIQUE("ordinal")
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint") REFERENCES "public"."webhook_endpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "webhook_deliveries_of_event" ON "webhook_deliveries" USING btree ("endpoint","sequence");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_of_endpoint" ON "webhook_deliveries" USING btree ("endpoint","ordinal");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_pending" ON "webhook_deliveries" USING btree ("endpoint","sequence") WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_asked" ON "webhook_deliveries" USING btree ("endpoint","ordinal") WHERE asked;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_ended" ON "webhook_deliveries" USING btree ("ended_at") WHERE ended_at is not null;