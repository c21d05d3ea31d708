CREATE TABLE "events" (
	"sequence" bigint PRIMARY KEY NOT NULL,
	"id" text DEFAULT 'evt_' || replace(gen_random_uuid()::text, '-', '') NOT NULL,
	"type" text NOT NULL,
	"time" timestamp with time zone NOT NULL,
	"data" json NOT NULL,
	CONSTRAINT "events_id_unique" UNIQUE("id")
);
