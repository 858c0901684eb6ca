-- Which complaints of grade L2 and above wait for a solution, longest first?
select complaint_id, grade, grade_reason_en, category, state, received_at, is_golden_breached, is_plan_breached, value_exposed_cents / 100 as value_exposed
from marts.fct_complaints
where grade in ('L2', 'L3', 'L4') and solved_at is null
order by received_at
limit 50
