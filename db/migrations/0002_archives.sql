CREATE TABLE "archives" (
	"first" timestamp with time zone NOT NULL,
	"last" timestamp with time zone NOT NULL,
	"instrument" integer NOT NULL,
	"count" integer NOT NULL,
	"date" date NOT NULL,
	"hash" "bytea" NOT NULL,
	"columns" "bytea" NOT NULL,
	CONSTRAINT "archives_instrument_date_pk" PRIMARY KEY("instrument","date")
);
--> statement-breakpoint
CREATE INDEX "archives_of_time" ON "archives" USING btree ("instrument","first");--> statement-breakpoint
ALTER TABLE "archives" ALTER COLUMN "columns" SET STORAGE EXTERNAL; -- compressed already