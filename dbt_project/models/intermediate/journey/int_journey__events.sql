{{ config(materialized='view') }}
{#- The window is widened by one gap and a day, so that the start of the first journey is recognised the same way in
    every run. -#}
with timeline as (
    select *
    from {{ ref('fct_customer_timeline') }}
    {{ filter_to_changed('int_changes__customers', 'customer_key') }}
),

event_types as (
    select * from {{ ref('journey_event_types') }}
),

bounds as (
    select
        {{ threshold('journey', 'session_gap_days') }} as gap_days,
        {{ threshold('journey', 'window_days') }} as window_days
),

steps as (
    select
        timeline.event_id,
        timeline.customer_key,
        timeline.occurred_at,
        timeline.promised_wait_seconds,
        timeline.actual_wait_seconds,
        coalesce(event_types.touchpoint, timeline.touchpoint, 'unknown') as touchpoint,
        case when event_types.is_awaited then coalesce(timeline.actual_wait_seconds, 0) else 0 end as awaited_seconds,
        bounds.gap_days,
        {{ add_days(as_of_date(), '-bounds.window_days') }} as window_begins_on
    from timeline
    cross join bounds
    left join event_types on timeline.event_type = event_types.event_type
    where
        coalesce(event_types.is_step, true)
        and timeline.occurred_at >= {{ add_days(as_of_date(), '-(bounds.window_days + bounds.gap_days + 1)') }}
),

with_previous as {{ materialized() }} (
    select
        *,
        lag(occurred_at) over (partition by customer_key order by occurred_at, event_id) as previous_at,
        lag(touchpoint) over (partition by customer_key order by occurred_at, event_id) as previous_touchpoint
    from steps
),

with_journey_start as (
    select
        *,
        coalesce(
            {{ seconds_between('previous_at', 'occurred_at') }} - awaited_seconds > gap_days * 86400, true
        ) as is_journey_start
    from with_previous
),

with_step_numbers as {{ materialized() }} (
    select
        *,
        sum(case when is_journey_start then 1 else 0 end) over (
            partition by customer_key order by occurred_at, event_id rows between unbounded preceding and current row
        ) as journey_number,
        sum(case when is_journey_start or touchpoint != previous_touchpoint then 1 else 0 end) over (
            partition by customer_key order by occurred_at, event_id rows between unbounded preceding and current row
        ) as step_count_before
    from with_journey_start
),

final as (
    select
        event_id,
        customer_key,
        occurred_at,
        touchpoint,
        promised_wait_seconds,
        actual_wait_seconds,
        {{ add_minutes('occurred_at', '-floor(awaited_seconds / 60)') }} as waited_since,
        window_begins_on,
        cast(journey_number as bigint) as journey_number,
        cast(step_count_before as bigint) as step_sequence
    from with_step_numbers
)

select * from final
