-- What has the customer at the top of the list been through?
select timeline.occurred_at, timeline.channel, timeline.touchpoint, timeline.event_type, timeline.actor, timeline.score, timeline.actual_wait_seconds
from marts.fct_customer_timeline as timeline
inner join marts.retention_risk_list as listed on timeline.customer_key = listed.customer_key
where listed.list_rank = 1
order by timeline.occurred_at desc, timeline.event_id
limit 30
