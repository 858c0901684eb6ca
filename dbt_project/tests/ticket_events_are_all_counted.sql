-- Events counted on tickets plus events of unknown tickets equal all events.
with staged as (
    select
        count(*) as event_count,
        count(case when tickets.ticket_id is null then 1 end) as orphan_count
    from {{ ref('int_ticket_events') }} as events
    left join {{ ref('fct_tickets') }} as tickets on events.ticket_id = tickets.ticket_id
),

published as (
    select coalesce(sum(event_count), 0) as event_count
    from {{ ref('fct_tickets') }}
)

select
    staged.event_count,
    staged.orphan_count,
    published.event_count as published_count
from staged
cross join published
where staged.event_count != staged.orphan_count + published.event_count
