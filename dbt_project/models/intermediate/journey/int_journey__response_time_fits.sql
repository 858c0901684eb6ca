{{ config(tags=['decide']) }}
with scored as (
    select * from {{ source('lake_scores', 'response_time_fits') }}
),

final as (
    select
        cast(as_of as date) as as_of,
        cast(outcome as string) as outcome,
        cast(case_count as bigint) as case_count,
        cast(intercept as double) as intercept,
        cast(slope_before as double) as slope_before,
        cast(slope_after as double) as slope_after,
        cast(slope_after_low as double) as slope_after_low,
        cast(slope_after_high as double) as slope_after_high,
        cast(knee_log as double) as knee_log,
        cast(knee_minutes as double) as knee_minutes,
        cast(knee_low as double) as knee_low,
        cast(knee_high as double) as knee_high,
        cast(has_knee as boolean) as has_knee,
        cast(knee_p_value as double) as knee_p_value,
        cast(explained_share as double) as explained_share
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
