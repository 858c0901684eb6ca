{#- Both labels appear only after the longer of the two horizons, so that all labels of a snapshot appear on the same
    date. -#}
with snapshots as (
    select
        as_of,
        {{ add_days('as_of', 7) }} as known_from
    from {{ ref('int_features__snapshots') }}
),

known_snapshots as (
    select * from snapshots
    where known_from <= {{ as_of_date() }}
),

tickets as (
    select * from {{ ref('fct_tickets') }}
    where customer_key is not null
),

opened as (
    select
        tickets.customer_key,
        known_snapshots.as_of,
        max(tickets.opened_at < {{ timestamp_add_days('known_snapshots.as_of', 2) }}) as has_ticket_within_48h,
        max(tickets.is_complaint) as has_complaint_within_7d,
        {{ value_at_min('tickets.category', event_order('tickets.opened_at', 'tickets.ticket_id')) }} as first_category
    from tickets
    inner join known_snapshots
        on tickets.opened_at >= cast(known_snapshots.as_of as timestamp)
        and tickets.opened_at < cast(known_snapshots.known_from as timestamp)
    group by tickets.customer_key, known_snapshots.as_of
),

final as (
    select
        spine.customer_key,
        spine.as_of,
        coalesce(opened.has_ticket_within_48h, false) as has_ticket_within_48h,
        coalesce(opened.has_complaint_within_7d, false) as has_complaint_within_7d,
        opened.first_category,
        known_snapshots.known_from
    from {{ ref('int_features__customers') }} as spine
    inner join known_snapshots on spine.as_of = known_snapshots.as_of
    left join opened
        on spine.customer_key = opened.customer_key
        and spine.as_of = opened.as_of
    where exists (select 1 from tickets)
)

select * from final
