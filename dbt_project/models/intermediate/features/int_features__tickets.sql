with spine as (
    select * from {{ ref('int_features__customers') }}
),

states as (
    select * from {{ ref('int_features__ticket_states') }}
),

windows as (
    select
        customer_key,
        as_of,
        {{ sum_within('1', 'opened_date', 28, 'as_of') }} as tickets_28d,
        {{ sum_within('1', 'opened_date', 90, 'as_of') }} as tickets_90d,
        count(*) as tickets_365d,
        max(opened_date) as last_opened_date,
        sum(case when is_resolved then 0 else 1 end) as open_tickets,
        min(case when not is_resolved then opened_date end) as oldest_open_date,
        {{ sum_within('case when is_reopened then 1 end', 'opened_date', 90, 'as_of') }} as reopened_tickets_90d,
        {{ sum_within('case when is_complaint then 1 end', 'opened_date', 90, 'as_of') }} as complaints_90d,
        sum(case when is_complaint then 1 else 0 end) as complaints_365d,
        {{ mean_within('first_response_minutes', 'opened_date', 90, 'as_of') }} as mean_first_response_minutes_90d,
        {{ mean_within('resolution_minutes', 'opened_date', 90, 'as_of') }} as mean_resolution_minutes_90d,
        {{ sum_within('case when is_promise_broken then 1 end', 'opened_date', 90, 'as_of') }} as broken_ticket_promises_90d
    from states
    group by customer_key, as_of
),

final as (
    select
        spine.customer_key,
        spine.as_of,
        cast(coalesce(windows.tickets_28d, 0) as double) as tickets_28d,
        cast(coalesce(windows.tickets_90d, 0) as double) as tickets_90d,
        cast(coalesce(windows.tickets_365d, 0) as double) as tickets_365d,
        cast({{ days_between('windows.last_opened_date', 'spine.as_of') }} as double) as days_since_last_ticket,
        cast(coalesce(windows.open_tickets, 0) as double) as open_tickets,
        cast({{ days_between('windows.oldest_open_date', 'spine.as_of') }} as double) as oldest_open_ticket_days,
        cast(coalesce(windows.reopened_tickets_90d, 0) as double) as reopened_tickets_90d,
        cast(coalesce(windows.complaints_90d, 0) as double) as complaints_90d,
        cast(coalesce(windows.complaints_365d, 0) as double) as complaints_365d,
        {{ steady('windows.mean_first_response_minutes_90d') }} as mean_first_response_minutes_90d,
        {{ steady('windows.mean_resolution_minutes_90d') }} as mean_resolution_minutes_90d,
        cast(coalesce(windows.broken_ticket_promises_90d, 0) as double) as broken_ticket_promises_90d
    from spine
    left join windows
        on spine.customer_key = windows.customer_key
        and spine.as_of = windows.as_of
    where exists (select 1 from {{ ref('fct_tickets') }})
)

select * from final
