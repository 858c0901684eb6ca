{{ config(materialized='incremental', pre_hook="{{ delete_changed('int_changes__customers', 'customer_key', promise_is_outdated()) }}") }}
{#- A delivery or a ticket is scored by the answer about it; a wait by the next answer within the answer window. -#}
with orders as (
    select * from {{ ref('fct_orders') }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
),

timeline as (
    select * from {{ ref('fct_customer_timeline') }}
),

scores as (
    select
        *,
        {{ threshold('journey', 'answer_days') }} as answer_days
    from {{ ref('int_journey__scores') }}
),

kinds as (
    select * from {{ ref('promise_kinds') }}
),

versions as (
    select * from {{ ref('dim_customers') }}
),

promises as (
    select
        'delivery' as promise,
        order_id as promise_id,
        customer_key,
        'delivery' as touchpoint,
        delivered_at as kept_at,
        promised_days * 86400 as promised_seconds,
        delivery_days * 86400 as actual_seconds,
        days_late * 86400 as broken_seconds
    from orders
    where is_delivered and days_late is not null
    union all
    select
        'wait' as promise,
        event_id as promise_id,
        customer_key,
        coalesce(touchpoint, 'unknown') as touchpoint,
        occurred_at as kept_at,
        promised_wait_seconds as promised_seconds,
        actual_wait_seconds as actual_seconds,
        actual_wait_seconds - promised_wait_seconds as broken_seconds
    from timeline
    where event_type = 'contact' and promised_wait_seconds is not null and actual_wait_seconds is not null
    union all
    select
        'resolution' as promise,
        ticket_id as promise_id,
        customer_key,
        'support' as touchpoint,
        resolved_at as kept_at,
        {{ seconds_between('opened_at', 'promised_at') }} as promised_seconds,
        {{ seconds_between('opened_at', 'resolved_at') }} as actual_seconds,
        {{ seconds_between('promised_at', 'resolved_at') }} as broken_seconds
    from tickets
    where promised_at is not null and resolved_at is not null
),

promises_in_window as (
    select promises.*
    from promises
    where
        promises.customer_key is not null
        and not {{ promise_is_outdated('promises.') }}
    {{ filter_to_changed('int_changes__customers', 'promises.customer_key', begin='and') }}
),

answers as (
    select
        promises_in_window.promise,
        promises_in_window.promise_id,
        {{ value_at_min('scores.score', event_order('scores.responded_at', 'scores.response_id')) }} as score
    from promises_in_window
    inner join scores
        on promises_in_window.customer_key = scores.customer_key
        and (
            (promises_in_window.promise = 'delivery' and scores.order_id = promises_in_window.promise_id)
            or (promises_in_window.promise = 'resolution' and scores.ticket_id = promises_in_window.promise_id)
            or (
                promises_in_window.promise = 'wait'
                and scores.responded_at >= promises_in_window.kept_at
                and {{ days_between('promises_in_window.kept_at', 'scores.responded_at') }} <= scores.answer_days
            )
        )
    group by promises_in_window.promise, promises_in_window.promise_id
),

final as (
    select
        promises_in_window.promise,
        promises_in_window.promise_id,
        promises_in_window.customer_key,
        coalesce(versions.segment, 'unknown') as segment,
        promises_in_window.touchpoint,
        promises_in_window.kept_at,
        kinds.unit,
        kinds.bin_units,
        {{ steady('promises_in_window.promised_seconds / kinds.unit_seconds') }} as promised_units,
        {{ steady('promises_in_window.actual_seconds / kinds.unit_seconds') }} as actual_units,
        {{ steady('promises_in_window.broken_seconds / kinds.unit_seconds') }} as broken_units,
        answers.score
    from promises_in_window
    inner join kinds on promises_in_window.promise = kinds.promise
    left join versions
        on promises_in_window.customer_key = versions.customer_key
        and {{ is_valid_at('promises_in_window.kept_at') }}
    left join answers on promises_in_window.promise = answers.promise and promises_in_window.promise_id = answers.promise_id
)

select * from final
