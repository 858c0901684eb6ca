-- In which regions did NPS move in the last 28 days by more than chance?
select dimension_value as region, value as nps, interval_low, interval_high, response_count, previous_value, change
from marts.satisfaction_metrics
where metric = 'nps' and dimension = 'region' and window_days = 28 and is_reportable and is_significant_change
order by change
