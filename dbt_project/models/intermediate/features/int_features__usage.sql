with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

spine as (
    select * from {{ ref('int_features__customers') }}
),

daily_use as (
    select
        customer_keys.customer_key,
        usage.usage_date,
        sum(usage.sessions) as sessions,
        sum(usage.minutes) as minutes,
        sum(usage.outage_minutes) as outage_minutes
    from {{ ref('stg_crm__usage_daily') }} as usage
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on usage.customer_id = customer_keys.customer_id
    where usage.usage_date >= {{ add_days('(select min(as_of) from ' ~ ref('int_features__snapshots') ~ ')', -90) }}
    group by customer_keys.customer_key, usage.usage_date
),

windows as (
    select
        daily_use.customer_key,
        snapshots.as_of,
        {{ sum_within('sessions', 'usage_date', 7) }} as sessions_7d,
        {{ sum_within('sessions', 'usage_date', 28) }} as sessions_28d,
        {{ sum_within('sessions', 'usage_date', 56) }} as sessions_56d,
        {{ steady(sum_within('minutes', 'usage_date', 7)) }} as minutes_7d,
        {{ steady(sum_within('minutes', 'usage_date', 28)) }} as minutes_28d,
        {{ steady(sum_within('minutes', 'usage_date', 56)) }} as minutes_56d,
        {{ sum_within('case when sessions > 0 or minutes > 0 then 1 end', 'usage_date', 28) }} as active_days_28d,
        max(case when sessions > 0 or minutes > 0 then usage_date end) as last_use_date,
        {{ sum_within('outage_minutes', 'usage_date', 28) }} as outage_minutes_28d,
        coalesce(sum(outage_minutes), 0) as outage_minutes_90d
    from daily_use
    inner join snapshots
        on daily_use.usage_date < snapshots.as_of
        and daily_use.usage_date >= {{ add_days('snapshots.as_of', -90) }}
    group by daily_use.customer_key, snapshots.as_of
),

final as (
    select
        spine.customer_key,
        spine.as_of,
        cast(coalesce(windows.sessions_7d, 0) as double) as usage_sessions_7d,
        cast(coalesce(windows.sessions_28d, 0) as double) as usage_sessions_28d,
        {{ steady(symmetric_change('windows.sessions_28d', 'windows.sessions_56d - windows.sessions_28d')) }}
            as usage_sessions_change_28d,
        {{ steady('coalesce(windows.minutes_7d, 0)') }} as usage_minutes_7d,
        {{ steady('coalesce(windows.minutes_28d, 0)') }} as usage_minutes_28d,
        {{ steady(symmetric_change('windows.minutes_28d', 'windows.minutes_56d - windows.minutes_28d')) }}
            as usage_minutes_change_28d,
        cast(coalesce(windows.active_days_28d, 0) as double) as usage_active_days_28d,
        cast(coalesce({{ days_between('windows.last_use_date', 'spine.as_of') }}, 91) as double) as days_since_last_use,
        {{ steady('coalesce(windows.outage_minutes_28d, 0)') }} as outage_minutes_28d,
        {{ steady('coalesce(windows.outage_minutes_90d, 0)') }} as outage_minutes_90d
    from spine
    left join windows
        on spine.customer_key = windows.customer_key
        and spine.as_of = windows.as_of
    where exists (select 1 from {{ ref('stg_crm__usage_daily') }})
)

select * from final
