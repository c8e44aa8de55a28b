DROP TABLE `misses`;--> statement-breakpoint
CREATE TABLE `searches` (
	`sought` text NOT NULL,
	`livemode` integer NOT NULL,
	`searched_at` integer NOT NULL,
	`claim` text,
	PRIMARY KEY(`sought`, `livemode`)
);
