{{ config(materialized='incremental', pre_hook="{{ delete_changed(
    'int_changes__customers', 'customer_key', 'not is_complete or ' ~ journey_is_outdated()
) }}") }}
{%- set path_steps = 8 -%}
{#- The path contains the first steps only. The peak is the score furthest from the middle of the scale; on a tie the
    lower one. -#}
with steps as (
    select
        *,
        {{ threshold('journey', 'middle_score') }} as middle_score
    from {{ ref('int_journey__step_scores') }}
    where true {{ and_not_yet_built('journey_key') }}
),

versions as (
    select * from {{ ref('dim_customers') }}
),

journeys as {{ materialized() }} (
    select
        journey_key,
        customer_key,
        min(started_at) as started_at,
        max(ended_at) as ended_at,
        min(journey_waited_since) as waited_since,
        count(*) as step_count,
        count(score) as scored_step_count,
        {{ value_at_max('touchpoint', 'step_number') }} as last_touchpoint,
        avg(score) as mean_score,
        {{ value_at_max('score', 'case when score is not null then abs(score - middle_score) * 100 + 5 - score end') }} as peak_score,
        {%- for step in range(1, path_steps + 1) %}
        max(case when step_number = {{ step }} then touchpoint end) as step_{{ step }},
        {%- endfor %}
        {{ value_at_max('score', 'case when score is not null then step_number end') }} as end_score
    from steps
    group by journey_key, customer_key
),

bounds as (
    select {{ threshold('journey', 'session_gap_days') }} as gap_days
),

final as (
    select
        journeys.journey_key,
        journeys.customer_key,
        coalesce(versions.segment, 'unknown') as segment,
        journeys.started_at,
        journeys.ended_at,
        journeys.waited_since as journey_waited_since,
        cast(journeys.step_count as bigint) as step_count,
        concat_ws(
            ' > ',
            {%- for step in range(1, path_steps + 1) %}
            journeys.step_{{ step }},
            {%- endfor %}
            case when journeys.step_count > {{ path_steps }} then '...' end
        ) as path,
        journeys.last_touchpoint,
        {{ days_between('journeys.ended_at', as_of_date()) }} > bounds.gap_days as is_complete,
        cast(journeys.scored_step_count as bigint) as scored_step_count,
        {{ steady('journeys.mean_score') }} as mean_score,
        journeys.peak_score,
        journeys.end_score
    from journeys
    cross join bounds
    left join versions
        on journeys.customer_key = versions.customer_key
        and {{ is_valid_at('journeys.started_at') }}
)

select * from final
