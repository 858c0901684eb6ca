{{ config(tags=['decide']) }}
with scored as (
    select * from {{ source('lake_scores', 'intervention_effects') }}
    where as_of = {{ as_of_date() }}
),

experiments as (
    select * from {{ ref('experiments') }}
    where company = '{{ var("company", "demo") }}'
),

reasons as (
    select * from {{ ref('effect_reasons') }}
),

final as (
    select
        cast(scored.as_of as date) as as_of,
        cast(scored.experiment_id as string) as experiment_id,
        coalesce(experiments.name_en, cast(scored.experiment_id as string)) as name_en,
        coalesce(experiments.name_zh, cast(scored.experiment_id as string)) as name_zh,
        cast(scored.metric as string) as metric,
        cast(scored.is_primary as boolean) as is_primary,
        cast(scored.treatment_assigned_count as bigint) as treatment_assigned_count,
        cast(scored.control_assigned_count as bigint) as control_assigned_count,
        cast(scored.treatment_count as bigint) as treatment_count,
        cast(scored.control_count as bigint) as control_count,
        cast(scored.treatment_mean as double) as treatment_mean,
        cast(scored.control_mean as double) as control_mean,
        cast(scored.effect as double) as effect,
        cast(scored.effect_low as double) as effect_low,
        cast(scored.effect_high as double) as effect_high,
        cast(scored.p_value as double) as p_value,
        cast(scored.planned_treatment_share as double) as planned_treatment_share,
        cast(scored.sample_ratio_p_value as double) as sample_ratio_p_value,
        cast(scored.treatment_contacted_share as double) as treatment_contacted_share,
        cast(scored.control_contacted_share as double) as control_contacted_share,
        cast(scored.contacted_effect as double) as contacted_effect,
        cast(scored.contacted_effect_low as double) as contacted_effect_low,
        cast(scored.contacted_effect_high as double) as contacted_effect_high,
        cast(scored.smallest_effect as double) as smallest_effect,
        cast(scored.power as double) as power,
        cast(scored.detectable_effect as double) as detectable_effect,
        cast(scored.needed_count as bigint) as needed_count,
        cast(scored.status as string) as status,
        reasons.reason_en,
        reasons.reason_zh,
        cast(scored.contacted_status as string) as contacted_status,
        contacted_reasons.reason_en as contacted_reason_en,
        contacted_reasons.reason_zh as contacted_reason_zh,
        cast(scored.uplift_status as string) as uplift_status,
        uplift_reasons.reason_en as uplift_reason_en,
        uplift_reasons.reason_zh as uplift_reason_zh,
        cast(scored.qini as double) as qini,
        cast(scored.qini_low as double) as qini_low,
        cast(scored.qini_high as double) as qini_high,
        cast(scored.uplift_model_version as string) as uplift_model_version
    from scored
    left join experiments on scored.experiment_id = experiments.experiment_id
    left join reasons on scored.status = reasons.status
    left join reasons as contacted_reasons on scored.contacted_status = contacted_reasons.status
    left join reasons as uplift_reasons on scored.uplift_status = uplift_reasons.status
)

select * from final
