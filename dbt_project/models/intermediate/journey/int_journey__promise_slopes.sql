{{ config(tags=['decide']) }}
with scored as (
    select * from {{ source('lake_scores', 'promise_slopes') }}
),

final as (
    select
        cast(as_of as date) as as_of,
        cast(promise as string) as promise,
        cast(touchpoint as string) as touchpoint,
        cast(segment as string) as segment,
        cast(side as string) as side,
        cast(answer_count as bigint) as answer_count,
        cast(broken_answer_count as bigint) as broken_answer_count,
        cast(unit_count as bigint) as unit_count,
        cast(unit_from as double) as unit_from,
        cast(unit_to as double) as unit_to,
        cast(slope as double) as slope,
        cast(slope_low as double) as slope_low,
        cast(slope_high as double) as slope_high,
        cast(plain_slope as double) as plain_slope,
        cast(kept_score as double) as kept_score,
        cast(broken_score as double) as broken_score,
        cast(score_lost as double) as score_lost,
        cast(score_lost_low as double) as score_lost_low,
        cast(score_lost_high as double) as score_lost_high,
        cast(tolerated_units as double) as tolerated_units
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
