-- Which contracts end in the next 30 days, and what is at risk with them?
select ends_on, customer_id, plan, renewal_value_cents / 100 as renewal_value, churn_probability, risk, reason_1, owner_id
from marts.renewals_due
where days_to_end <= 30
order by value_at_risk_cents desc nulls last, subscription_id
limit 50
