-- Why did we lose customers in the last quarter, and how sure are we?
select cause_en, loss_kind, count(*) as customers, round(avg(confidence), 2) as mean_confidence
from marts.churn_attribution
where lost_at >= as_of - 90
group by cause_en, loss_kind
order by customers desc
