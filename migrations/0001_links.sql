CREATE TABLE `link_revocations` (
	`kind` text NOT NULL,
	`id` text NOT NULL,
	`not_before` integer NOT NULL,
	PRIMARY KEY(`kind`, `id`)
);
--> statement-breakpoint
CREATE INDEX `customers_by_email` ON `customers` (lower("email"),`livemode`);