{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__customers', 'customer_key', journey_is_outdated()) }}") }}
{#- A response belongs to the last visit of its touchpoint before it. -#}
with steps as (
    select *
    from {{ ref('int_journey__steps') }}
    {{ filter_to_changed('int_changes__customers', 'customer_key') }}
),

scores as (
    select
        *,
        {{ threshold('journey', 'answer_days') }} as answer_days
    from {{ ref('int_journey__scores') }}
    {{ filter_to_changed('int_changes__customers', 'customer_key') }}
),

response_steps as (
    select
        scores.response_id,
        scores.score,
        {{ value_at_max('steps.step_key', 'steps.started_at') }} as step_key
    from scores
    inner join steps
        on scores.customer_key = steps.customer_key
        and scores.touchpoint = steps.touchpoint
        and scores.responded_at >= steps.started_at
        and {{ days_between('steps.ended_at', 'scores.responded_at') }} <= scores.answer_days
    group by scores.response_id, scores.score
),

step_answers as (
    select
        step_key,
        count(*) as answer_count,
        avg(score) as score
    from response_steps
    group by step_key
),

next_scores as (
    select
        steps.step_key,
        {{ value_at_min('scores.score', event_order('scores.responded_at', 'scores.response_id')) }} as next_score
    from steps
    inner join scores
        on steps.customer_key = scores.customer_key
        and scores.responded_at >= steps.ended_at
        and {{ days_between('steps.ended_at', 'scores.responded_at') }} <= scores.answer_days
    group by steps.step_key
),

final as (
    select
        steps.*,
        cast(coalesce(step_answers.answer_count, 0) as bigint) as answer_count,
        {{ steady('step_answers.score') }} as score,
        next_scores.next_score
    from steps
    left join step_answers on steps.step_key = step_answers.step_key
    left join next_scores on steps.step_key = next_scores.step_key
)

select * from final
