-- Whose health fell most since the last night that was scored, and what moved it?
select customers.customer_id, health.previous_as_of, health.previous_score, health.health_score, health.score_change, health.main_mover_en
from marts.customer_health_daily as health
inner join marts.customer_360 as customers on health.customer_key = customers.customer_key and health.as_of = customers.as_of
where health.score_change < 0
order by health.score_change, customers.customer_id
limit 20
