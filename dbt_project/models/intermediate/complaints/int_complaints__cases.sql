{#- What is a complaint: a ticket with one of the signs of the seed complaint_triggers. -#}
with tickets as (
    select * from {{ ref('fct_tickets') }}
),

triggers as (
    select * from {{ ref('complaint_triggers') }}
),

complained as (
    select distinct events.ticket_id
    from {{ ref('int_ticket_events') }} as events
    inner join triggers on triggers.trigger_kind = 'event_type' and events.event_type = triggers.trigger_value
),

flagged as (
    select
        tickets.*,
        coalesce(tickets.category, 'unknown') as complaint_category
    from tickets
    left join complained on tickets.ticket_id = complained.ticket_id
    left join triggers as by_flag
        on by_flag.trigger_kind = 'flag' and by_flag.trigger_value = case when tickets.is_complaint then 'true' else 'false' end
    left join triggers as by_category
        on by_category.trigger_kind = 'category' and by_category.trigger_value = lower(trim(tickets.category))
    left join triggers as by_channel
        on by_channel.trigger_kind = 'channel' and by_channel.trigger_value = lower(trim(tickets.channel))
    where
        by_flag.trigger_kind is not null or by_category.trigger_kind is not null
        or by_channel.trigger_kind is not null or complained.ticket_id is not null
),

compared as (
    select
        *,
        lag(opened_at) over (partition by customer_key, complaint_category order by opened_at, ticket_id) as previous_at
    from flagged
),

limits as (
    select
        {{ threshold('complaints', 'repeat_complaint_days') }} as repeat_days,
        (select max(severity_rank) from {{ ref('complaint_severities') }}) as highest_severity
),

judged as (
    select
        compared.*,
        compared.customer_key is not null
        and coalesce(
            {{ days_between('compared.previous_at', 'compared.opened_at') }} <= limits.repeat_days, false
        ) as is_repeated,
        limits.highest_severity
    from compared
    cross join limits
),

final as (
    select
        judged.ticket_id,
        judged.customer_key,
        coalesce(judged.customer_key, judged.ticket_id) as complainer,
        judged.opened_at as received_at,
        {{ to_date('judged.opened_at') }} as received_date,
        judged.complaint_category as category,
        lower(trim(judged.channel)) as channel,
        judged.product,
        judged.team,
        judged.employee_id,
        judged.is_vip,
        judged.is_repeated,
        least(by_priority.severity_rank + case when judged.is_repeated then 1 else 0 end, judged.highest_severity)
            as severity_rank
    from judged
    inner join {{ ref('complaint_severities') }} as by_priority on judged.priority_at_opening = by_priority.priority
)

select * from final
