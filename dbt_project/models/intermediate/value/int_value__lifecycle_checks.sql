{#- Three calendar months against the three before, at the beginning of each month once the customer is no longer new. -#}
with activity as (
    select * from {{ ref('int_value__activity_months') }}
),

relations as (
    select
        *,
        {{ add_days('began_on', 'case when relation_number = 1 then ' ~ threshold('value', 'new_customer_days')
            ~ ' else ' ~ threshold('value', 'won_back_days') ~ ' end') }} as settled_on,
        coalesce(lost_on, {{ as_of_date() }}) as judged_until
    from {{ ref('int_value__relations') }}
),

windows as {{ materialized() }} (
    select
        customer_key,
        month_start,
        sum(activity) over (
            partition by customer_key order by month_start rows between 3 preceding and 1 preceding
        ) as activity_now,
        sum(activity) over (
            partition by customer_key order by month_start rows between 6 preceding and 4 preceding
        ) as activity_before,
        sum(case when activity > 0 then 1 else 0 end) over (
            partition by customer_key order by month_start rows between 6 preceding and 1 preceding
        ) as active_months,
        max(case when activity > 0 then month_start end) over (
            partition by customer_key order by month_start rows between unbounded preceding and 1 preceding
        ) as last_active_month
    from activity
),

final as (
    select
        windows.customer_key,
        relations.relation_number,
        windows.month_start as checked_on,
        {{ steady('windows.activity_now') }} as activity_now,
        {{ steady('windows.activity_before') }} as activity_before,
        case
            when windows.last_active_month is null then 'mature'
            when
                {{ add_months('windows.last_active_month', threshold('value', 'quiet_months')) }} < windows.month_start
                then 'declining'
            when relations.began_on > {{ add_months('windows.month_start', -6) }} then 'growing'
            when windows.activity_now >= windows.activity_before * (1 + {{ threshold('value', 'growth_share') }}) then 'growing'
            when windows.activity_now <= windows.activity_before * (1 - {{ threshold('value', 'decline_share') }}) then 'declining'
            else 'mature'
        end as stage
    from windows
    inner join relations
        on windows.customer_key = relations.customer_key
        and windows.month_start >= relations.settled_on
        and windows.month_start < relations.judged_until
    where windows.month_start >= {{ oldest_lifecycle_month() }}
)

select * from final
