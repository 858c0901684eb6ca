with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

spine as (
    select * from {{ ref('int_features__customers') }}
),

interactions as (
    select
        customer_keys.customer_key,
        interactions.occurred_at,
        cast(interactions.occurred_at as date) as occurred_date,
        interactions.wait_seconds / 60 as wait_minutes,
        case
            when interactions.wait_seconds > interactions.promised_wait_seconds
                then (interactions.wait_seconds - interactions.promised_wait_seconds) / 60
        end as over_promise_minutes
    from {{ ref('stg_crm__interactions') }} as interactions
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on interactions.customer_id = customer_keys.customer_id
),

windows as (
    select
        interactions.customer_key,
        snapshots.as_of,
        {{ sum_within('1', 'occurred_date', 28) }} as contacts_28d,
        {{ sum_within('1', 'occurred_date', 90) }} as contacts_90d,
        max(occurred_date) as last_contact_date,
        {{ mean_within('wait_minutes', 'occurred_date', 90) }} as mean_wait_minutes_90d,
        {{ sum_within('case when over_promise_minutes > 0 then 1 end', 'occurred_date', 90) }} as waits_over_promise_90d,
        {{ sum_within('over_promise_minutes', 'occurred_date', 90) }} as wait_over_promise_minutes_90d
    from interactions
    inner join snapshots
        on interactions.occurred_at < cast(snapshots.as_of as timestamp)
        and interactions.occurred_at >= {{ timestamp_add_days('snapshots.as_of', -365) }}
    group by interactions.customer_key, snapshots.as_of
),

final as (
    select
        spine.customer_key,
        spine.as_of,
        cast(coalesce(windows.contacts_28d, 0) as double) as contacts_28d,
        cast(coalesce(windows.contacts_90d, 0) as double) as contacts_90d,
        cast({{ days_between('windows.last_contact_date', 'spine.as_of') }} as double) as days_since_last_contact,
        {{ steady('windows.mean_wait_minutes_90d') }} as mean_wait_minutes_90d,
        cast(coalesce(windows.waits_over_promise_90d, 0) as double) as waits_over_promise_90d,
        {{ steady('coalesce(windows.wait_over_promise_minutes_90d, 0)') }} as wait_over_promise_minutes_90d
    from spine
    left join windows
        on spine.customer_key = windows.customer_key
        and spine.as_of = windows.as_of
    where exists (select 1 from {{ ref('stg_crm__interactions') }})
)

select * from final
