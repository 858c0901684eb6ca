with scored as (
    select * from {{ source('lake_scores', 'satisfaction_drivers') }}
),

final as (
    select
        cast(as_of as date) as as_of,
        cast(dimension as string) as dimension,
        cast(dimension_value as string) as dimension_value,
        cast(segment as string) as segment,
        cast(outcome as string) as outcome,
        cast(driver_code as string) as driver_code,
        cast(driver_en as string) as driver_en,
        cast(driver_zh as string) as driver_zh,
        cast(importance_share as double) as importance_share,
        cast(share_low as double) as share_low,
        cast(share_high as double) as share_high,
        cast(effect as double) as effect,
        cast(effect_low as double) as effect_low,
        cast(effect_high as double) as effect_high,
        cast(effect_per as string) as effect_per,
        cast(direction as string) as direction,
        cast(performance as double) as performance,
        cast(quadrant as string) as quadrant,
        cast(response_count as bigint) as response_count,
        cast(is_reportable as boolean) as is_reportable,
        cast(importance_rank as bigint) as importance_rank,
        cast(model_version as string) as model_version,
        cast(run_id as string) as run_id
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
