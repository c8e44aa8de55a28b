CREATE TABLE `cursors` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `customers` (
	`id` text PRIMARY KEY NOT NULL,
	`subject` text,
	`email` text,
	`name` text,
	`livemode` integer NOT NULL,
	`deleted_at` integer,
	`created_at` integer NOT NULL,
	`sync_ticket` integer DEFAULT 0 NOT NULL,
	`synced_ticket` integer DEFAULT 0 NOT NULL,
	`synced_at` integer
);
--> statement-breakpoint
CREATE INDEX `customers_by_subject` ON `customers` (`subject`,`livemode`);--> statement-breakpoint
CREATE INDEX `customers_unsynced` ON `customers` (`livemode`) WHERE sync_ticket > synced_ticket;--> statement-breakpoint
CREATE TABLE `misses` (
	`subject` text NOT NULL,
	`livemode` integer NOT NULL,
	`searched_at` integer NOT NULL,
	PRIMARY KEY(`subject`, `livemode`)
);
--> statement-breakpoint
CREATE TABLE `subscriptions` (
	`id` text PRIMARY KEY NOT NULL,
	`customer_id` text NOT NULL,
	`status` text NOT NULL,
	`items` text NOT NULL,
	`current_period_end` integer,
	`cancel_at` integer,
	`trial_end` integer,
	`paused` integer NOT NULL,
	`resumes_at` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`customer_id`) REFERENCES `customers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `subscriptions_by_customer` ON `subscriptions` (`customer_id`);