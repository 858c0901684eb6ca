{{ config(materialized='view') }}
{#- Events before a loss that may explain it. -#}
with losses as (
    select
        *,
        {{ add_days('lost_at', '-' ~ threshold('value', 'attribution_window_days')) }} as counts_from
    from {{ ref('int_value__losses') }}
),

tickets as (
    select
        losses.customer_key,
        losses.lost_at,
        max(case
            when tickets.is_complaint and tickets.opened_at >= cast(losses.counts_from as timestamp) then 1
            else 0
        end) as has_complaint,
        max(case
            when coalesce(tickets.resolved_at, tickets.closed_at, timestamp '9999-12-31 00:00:00')
                >= {{ timestamp_add_days('cast(losses.lost_at as timestamp)', 1) }}
                and tickets.opened_at >= cast(losses.counts_from as timestamp) then 1
            else 0
        end) as has_unsolved,
        max(case
            when tickets.reopen_count > 0 and tickets.opened_at >= cast(losses.counts_from as timestamp) then 1
            else 0
        end) as has_reopened
    from losses
    inner join {{ ref('fct_tickets') }} as tickets
        on losses.customer_key = tickets.customer_key
        and tickets.opened_at < {{ timestamp_add_days('cast(losses.lost_at as timestamp)', 1) }}
    group by losses.customer_key, losses.lost_at
),

late_deliveries as (
    select
        losses.customer_key,
        losses.lost_at
    from losses
    inner join {{ ref('fct_orders') }} as orders
        on losses.customer_key = orders.customer_key
        and orders.is_late
        and {{ to_date('orders.delivered_at') }} <= losses.lost_at
        and {{ to_date('orders.delivered_at') }} >= losses.counts_from
),

price_changes as (
    select
        versions.customer_key,
        versions.valid_from,
        versions.monthly_price_cents
        > lag(versions.monthly_price_cents) over (partition by versions.subscription_id order by versions.version_number) as is_rise
    from {{ ref('int_subscription_versions') }} as versions
),

price_rises as (
    select
        losses.customer_key,
        losses.lost_at
    from losses
    inner join price_changes
        on losses.customer_key = price_changes.customer_key
        and price_changes.is_rise
        and {{ to_date('price_changes.valid_from') }} <= losses.lost_at
        and {{ to_date('price_changes.valid_from') }} >= losses.counts_from
),

declined_quietly as (
    select
        losses.customer_key,
        losses.lost_at
    from losses
    inner join {{ ref('int_value__lifecycle_transitions') }} as transitions
        on losses.customer_key = transitions.customer_key
        and losses.lost_at = transitions.entered_on
    left join tickets on losses.customer_key = tickets.customer_key and losses.lost_at = tickets.lost_at
    where
        transitions.previous_stage = 'declining'
        and coalesce(tickets.has_complaint + tickets.has_unsolved + tickets.has_reopened, 0) = 0
),

final as (
    select
        customer_key,
        lost_at,
        'complaint' as evidence_code
    from tickets
    where has_complaint = 1
    union all
    select
        customer_key,
        lost_at,
        'unsolved_ticket' as evidence_code
    from tickets
    where has_unsolved = 1
    union all
    select
        customer_key,
        lost_at,
        'reopened_ticket' as evidence_code
    from tickets
    where has_reopened = 1
    union all
    select
        customer_key,
        lost_at,
        'late_delivery' as evidence_code
    from late_deliveries
    union all
    select
        customer_key,
        lost_at,
        'price_rise' as evidence_code
    from price_rises
    union all
    select
        customer_key,
        lost_at,
        'faded_quietly' as evidence_code
    from declined_quietly
)

select * from final
