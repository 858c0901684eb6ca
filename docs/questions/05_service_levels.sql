-- Which teams keep their service levels, and which do not?
select dimension_value as team, sla_metric, met_share, interval_low, interval_high, ticket_count, never_answered_count
from marts.sla_performance
where dimension = 'team' and window_days = 28 and is_reportable
order by sla_metric, met_share
