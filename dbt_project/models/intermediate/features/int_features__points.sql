with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

spine as (
    select * from {{ ref('int_features__customers') }}
),

entries as (
    select
        customer_keys.customer_key,
        ledger.entry_at,
        cast(ledger.entry_at as date) as entry_date,
        ledger.points,
        case when ledger.entry_type = 'earn' then ledger.points end as earned_points,
        ledger.expires_at
    from {{ ref('stg_crm__loyalty_ledger') }} as ledger
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys
        on ledger.customer_id = customer_keys.customer_id
),

windows as (
    select
        entries.customer_key,
        snapshots.as_of,
        sum(points) as points_balance,
        {{ sum_within('earned_points', 'entry_date', 365) }} as points_earned_365d,
        coalesce(sum(case
            when expires_at >= cast(snapshots.as_of as timestamp)
                and expires_at < {{ timestamp_add_days('snapshots.as_of', 90) }}
                then earned_points
        end), 0) as points_expiring_90d
    from entries
    inner join snapshots on entries.entry_at < cast(snapshots.as_of as timestamp)
    group by entries.customer_key, snapshots.as_of
),

final as (
    select
        spine.customer_key,
        spine.as_of,
        cast(coalesce(windows.points_balance, 0) as double) as points_balance,
        cast(coalesce(windows.points_earned_365d, 0) as double) as points_earned_365d,
        cast(greatest(least(coalesce(windows.points_expiring_90d, 0), coalesce(windows.points_balance, 0)), 0) as double)
            as points_expiring_90d
    from spine
    left join windows
        on spine.customer_key = windows.customer_key
        and spine.as_of = windows.as_of
    where exists (select 1 from {{ ref('stg_crm__loyalty_ledger') }})
)

select * from final
