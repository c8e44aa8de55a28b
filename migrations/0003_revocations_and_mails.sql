CREATE TABLE `mails` (
	`counted` text NOT NULL,
	`sent_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `mails_by_counted` ON `mails` (`counted`,`sent_at`);--> statement-breakpoint
CREATE INDEX `mails_by_time` ON `mails` (`sent_at`);--> statement-breakpoint
ALTER TABLE `link_revocations` ADD `mail_stopped_at` integer;