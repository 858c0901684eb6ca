-- Whom do we call this morning, why, and what is it worth?
select
    list_rank, customer_id, churn_probability, value_at_risk_cents / 100 as value_at_risk,
    reason_1, reason_2, recommended_action, owner_id, due_date
from marts.retention_risk_list
order by list_rank
limit 20
