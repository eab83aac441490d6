-- By what a campaign's projects are listed where nobody has asked for an order. A version that does not know it lists them by
-- number, and leaves it empty, which means the same.
ALTER TABLE campaigns ADD COLUMN project_order varchar(12);
