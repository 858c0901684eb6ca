{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__customers', 'customer_key', journey_is_outdated()) }}") }}
with events as (
    select * from {{ ref('int_journey__events') }}
),

steps as {{ materialized() }} (
    select
        customer_key,
        journey_number,
        step_sequence,
        min(touchpoint) as touchpoint,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        min(waited_since) as waited_since,
        min(window_begins_on) as window_begins_on,
        count(*) as event_count,
        sum(promised_wait_seconds) as promised_wait_seconds,
        sum(case when actual_wait_seconds > promised_wait_seconds then 1 else 0 end) as broken_promise_count,
        sum(case when actual_wait_seconds is not null and promised_wait_seconds is not null then 1 else 0 end)
            as promise_count
    from events
    group by customer_key, journey_number, step_sequence
),

numbered_steps as (
    select
        *,
        min(started_at) over (partition by customer_key, journey_number) as journey_started_at,
        min(waited_since) over (partition by customer_key, journey_number) as journey_waited_since,
        row_number() over (partition by customer_key, journey_number order by step_sequence) as step_number,
        count(*) over (partition by customer_key, journey_number) as step_count
    from steps
),

final as (
    select
        {{ hash_key(['customer_key', 'journey_started_at', 'step_number']) }} as step_key,
        {{ hash_key(['customer_key', 'journey_started_at']) }} as journey_key,
        customer_key,
        cast(step_number as bigint) as step_number,
        step_number = step_count as is_last_step,
        touchpoint,
        started_at,
        ended_at,
        cast(event_count as bigint) as event_count,
        cast(promise_count as bigint) as promise_count,
        cast(broken_promise_count as bigint) as broken_promise_count,
        journey_waited_since
    from numbered_steps
    where journey_waited_since >= window_begins_on
)

select * from final
