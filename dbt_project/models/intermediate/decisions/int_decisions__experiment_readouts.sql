{{ config(tags=['decide']) }}
with scored as (
    select * from {{ source('lake_scores', 'experiment_readouts') }}
),

final as (
    select
        cast(as_of as date) as as_of,
        cast(experiment_id as string) as experiment_id,
        cast(metric as string) as metric,
        cast(treatment_count as bigint) as treatment_count,
        cast(control_count as bigint) as control_count,
        cast(treatment_mean as double) as treatment_mean,
        cast(control_mean as double) as control_mean,
        cast(effect as double) as effect,
        cast(effect_low as double) as effect_low,
        cast(effect_high as double) as effect_high,
        cast(p_value as double) as p_value,
        cast(sample_ratio_p_value as double) as sample_ratio_p_value,
        cast(is_sample_ratio_kept as boolean) as is_sample_ratio_kept,
        cast(power as double) as power,
        cast(information_share as double) as information_share,
        cast(z_value as double) as z_value,
        cast(z_boundary as double) as z_boundary,
        cast(needed_count as bigint) as needed_count,
        cast(decision as string) as decision
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
