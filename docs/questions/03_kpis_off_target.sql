-- Which of the eight core KPIs miss their target, and is it more than chance?
select kpi_en, value, interval_low, interval_high, unit_en, target, target_gap, sample_size, is_beyond_chance
from marts.kpi_scorecard
where window_days = 28 and is_reportable and (case when is_higher_better then value < target else value > target end)
order by kpi_rank
