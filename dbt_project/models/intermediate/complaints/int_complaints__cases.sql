{#- A ticket is a complaint if it matches one of the triggers in the seed complaint_triggers. -#}
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

triggers as (
    select * from {{ ref('complaint_triggers') }}
),

with_trigger_event as (
    select distinct events.ticket_id
    from {{ ref('int_ticket_events') }} as events
    inner join triggers on triggers.trigger_kind = 'event_type' and events.event_type = triggers.trigger_value
),

complaints as (
    select
        tickets.*,
        coalesce(tickets.category, 'unknown') as complaint_category
    from tickets
    left join with_trigger_event on tickets.ticket_id = with_trigger_event.ticket_id
    left join triggers as by_flag
        on by_flag.trigger_kind = 'flag' and by_flag.trigger_value = case when tickets.is_complaint then 'true' else 'false' end
    left join triggers as by_category
        on by_category.trigger_kind = 'category' and by_category.trigger_value = lower(trim(tickets.category))
    left join triggers as by_channel
        on by_channel.trigger_kind = 'channel' and by_channel.trigger_value = lower(trim(tickets.channel))
    where
        by_flag.trigger_kind is not null or by_category.trigger_kind is not null
        or by_channel.trigger_kind is not null or with_trigger_event.ticket_id is not null
),

with_previous as (
    select
        *,
        lag(opened_at) over (partition by customer_key, complaint_category order by opened_at, ticket_id) as previous_at
    from complaints
),

limits as (
    select
        {{ threshold('complaints', 'repeat_complaint_days') }} as repeat_days,
        (select max(severity_rank) from {{ ref('complaint_severities') }}) as highest_severity
),

with_repetition as (
    select
        with_previous.*,
        with_previous.customer_key is not null
        and coalesce(
            {{ days_between('with_previous.previous_at', 'with_previous.opened_at') }} <= limits.repeat_days, false
        ) as is_repeated,
        limits.highest_severity
    from with_previous
    cross join limits
),

final as (
    select
        with_repetition.ticket_id,
        with_repetition.customer_key,
        coalesce(with_repetition.customer_key, with_repetition.ticket_id) as complainer,
        with_repetition.opened_at as received_at,
        {{ to_date('with_repetition.opened_at') }} as received_date,
        with_repetition.complaint_category as category,
        lower(trim(with_repetition.channel)) as channel,
        with_repetition.product,
        with_repetition.team,
        with_repetition.employee_id,
        with_repetition.is_vip,
        with_repetition.is_repeated,
        least(
            by_priority.severity_rank + case when with_repetition.is_repeated then 1 else 0 end,
            with_repetition.highest_severity
        ) as severity_rank
    from with_repetition
    inner join {{ ref('complaint_severities') }} as by_priority on with_repetition.priority_at_opening = by_priority.priority
)

select * from final
