-- What each person of a unit has in hand, as numbers: how many letters, how many of them not accepted yet, how many late, when the nearest is due.
-- Asked by a member of the unit; letters to a named colleague are counted here and read by her alone. A case that does not exist for the one who asks
-- is not counted (as `core.protection.clear` says it, here and below). Without a person: letters of the whole unit that nobody has taken.
CREATE OR REPLACE FUNCTION caremgmt_unit_load(of_group integer)
RETURNS TABLE (holder uuid, named boolean, owed bigint, fresh bigint, late bigint, soonest timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT coalesce(r.named_liaison_id, r.accepted_by_id), r.named_liaison_id IS NOT NULL, count(*), count(*) FILTER (WHERE r.status = 'sent'),
           count(*) FILTER (WHERE r.due_at < (SELECT caremgmt_now())), min(r.due_at)
    FROM referrals_referral r
    WHERE r.group_id = of_group AND of_group = ANY ((SELECT caremgmt_groups())::integer[]) AND r.due_at IS NOT NULL
        AND r.case_id <> ALL ((SELECT caremgmt_walled())::uuid[])
        AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(r.case_id, false))
    GROUP BY 1, 2 $$;

-- The course of a unit's letters of a time, for its own figures: times and codes, no id, no case, no category, no person; those that it declined or
-- that were recalled too, which it sees no more. Asked by a member of the unit; a case that does not exist for her is left out.
CREATE OR REPLACE FUNCTION caremgmt_unit_letters(of_group integer, begins timestamptz, ends timestamptz)
RETURNS TABLE (sent_at timestamptz, accept_due_at timestamptz, accepted_at timestamptz, answer_due_at timestamptz, responded_at timestamptz,
               status varchar, decline_reason varchar, result varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT r.sent_at, r.accept_due_at, r.accepted_at, r.answer_due_at, r.responded_at, r.status, r.decline_reason, r.result
    FROM referrals_referral r
    WHERE r.group_id = of_group AND of_group = ANY ((SELECT caremgmt_groups())::integer[]) AND r.sent_at >= begins AND r.sent_at < ends
        AND r.case_id <> ALL ((SELECT caremgmt_walled())::uuid[])
        AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(r.case_id, false))
    ORDER BY r.sent_at $$;

-- The units below one's own in the tree, for the four quarters that are over: letters received, and answered in time. A unit's letters are no business
-- of the one above: cells from 1 to 4 are not told, nor a part from which one could be worked out. Quarters do not overlap and nothing is summed, so
-- that no two answers can be subtracted from each other.
CREATE OR REPLACE FUNCTION caremgmt_units_below(of_group integer)
RETURNS TABLE (unit_id uuid, quarter date, received bigint, in_time bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH RECURSIVE below AS (
        SELECT u.id, u.group_id FROM agencies_unit u JOIN agencies_unit p ON p.id = u.parent_id
            WHERE p.group_id = of_group AND of_group = ANY ((SELECT caremgmt_groups())::integer[]) AND u.is_active
        UNION
        SELECT u.id, u.group_id FROM agencies_unit u JOIN below b ON u.parent_id = b.id WHERE u.is_active
    ), quarters AS (
        SELECT (date_trunc('quarter', (SELECT caremgmt_now()) AT TIME ZONE 'Asia/Shanghai') - n * interval '3 months') AS begins
        FROM generate_series(1, 4) AS n
    ), counted AS (
        SELECT b.id, q.begins::date AS quarter, count(r.id) AS n, count(r.id) FILTER (WHERE r.responded_at <= r.answer_due_at) AS k
        FROM below b CROSS JOIN quarters q
        LEFT JOIN referrals_referral r ON r.group_id = b.group_id AND r.sent_at >= q.begins AT TIME ZONE 'Asia/Shanghai'
            AND r.sent_at < (q.begins + interval '3 months') AT TIME ZONE 'Asia/Shanghai' AND r.case_id <> ALL ((SELECT caremgmt_walled())::uuid[])
        AND ((SELECT caremgmt_uuids('co') = '{}') OR NOT caremgmt_is_shut(r.case_id, false))
        GROUP BY b.id, q.begins
    )
    SELECT id, quarter, CASE WHEN n = 0 OR n >= 5 THEN n END,
           CASE WHEN n >= 5 AND k NOT BETWEEN 1 AND 4 AND n - k NOT BETWEEN 1 AND 4 THEN k END
    FROM counted $$;
