-- What did contacting customers really change, and how sure is that?
select
    name_en, metric, treatment_count, control_count, effect, effect_low, effect_high,
    contacted_effect, treatment_contacted_share, status, reason_en, uplift_reason_en
from marts.intervention_effects
where is_primary
order by experiment_id
