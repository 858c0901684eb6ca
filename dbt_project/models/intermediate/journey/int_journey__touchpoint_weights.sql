{{ config(tags=['decide']) }}
with scored as (
    select * from {{ source('lake_scores', 'touchpoint_weights') }}
),

final as (
    select
        cast(as_of as date) as as_of,
        cast(touchpoint as string) as touchpoint,
        cast(weight as double) as weight,
        cast(weight_low as double) as weight_low,
        cast(weight_high as double) as weight_high,
        cast(penalty as double) as penalty,
        cast(penalty_low as double) as penalty_low,
        cast(penalty_high as double) as penalty_high,
        cast(reward as double) as reward,
        cast(reward_low as double) as reward_low,
        cast(reward_high as double) as reward_high,
        cast(met_answer_count as bigint) as met_answer_count,
        cast(bad_answer_count as bigint) as bad_answer_count,
        cast(good_answer_count as bigint) as good_answer_count,
        cast(answer_count as bigint) as answer_count,
        cast(explained_share as double) as explained_share
    from scored
    where as_of = {{ as_of_date() }}
)

select * from final
