-- What does a promise that we break cost in satisfaction, and what could we safely promise?
select
    promise, touchpoint, unit, answer_count, kept_share, kept_score, broken_score, score_change_per_unit,
    score_change_low, score_change_high, units_to_keep_nine_of_ten
from marts.expectation_calibration
where segment = 'all' and side = 'late' and is_reportable
order by score_change_per_unit
