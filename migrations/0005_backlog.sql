DROP INDEX `customers_unsynced`;--> statement-breakpoint
ALTER TABLE `customers` ADD `ticketed_at` integer;--> statement-breakpoint
ALTER TABLE `customers` ADD `heard` text;--> statement-breakpoint
ALTER TABLE `customers` ADD `due_at` integer;--> statement-breakpoint
ALTER TABLE `customers` ADD `evidence` integer;--> statement-breakpoint
ALTER TABLE `customers` ADD `conflict` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `customers_due` ON `customers` (`livemode`,`due_at`) WHERE sync_ticket > synced_ticket;