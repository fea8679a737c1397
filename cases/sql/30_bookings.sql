-- Nobody and no room is in two places at once: of two who book at the same moment the database chooses one. What is freed counts no more.
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'booking_room_free') THEN
        ALTER TABLE cases_booking ADD CONSTRAINT booking_room_free
            EXCLUDE USING gist (room_id WITH =, tstzrange(since, until) WITH &&) WHERE (freed_at IS NULL AND room_id IS NOT NULL);
    END IF;
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'booking_person_free') THEN
        ALTER TABLE cases_booking ADD CONSTRAINT booking_person_free
            EXCLUDE USING gist (user_id WITH =, tstzrange(since, until) WITH &&) WHERE (freed_at IS NULL AND user_id IS NOT NULL);
    END IF;
END $$;
