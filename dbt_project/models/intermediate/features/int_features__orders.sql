with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

spine as (
    select * from {{ ref('int_features__customers') }}
),

days as (
    select
        *,
        case when order_count > 0 then order_date end as paid_date,
        gross_cents - refund_cents as net_cents
    from {{ ref('int_features__order_days') }}
),

windows as (
    select
        days.customer_key,
        snapshots.as_of,
        max(paid_date) as last_order_date,
        min(paid_date) as first_order_date,
        {{ sum_within('order_count', 'order_date', 30) }} as orders_30d,
        {{ sum_within('order_count', 'order_date', 90) }} as orders_90d,
        {{ sum_within('order_count', 'order_date', 180) }} as orders_180d,
        {{ sum_within('order_count', 'order_date', 365) }} as orders_365d,
        sum(order_count) as orders_total,
        sum(case
            when order_date >= {{ add_days('snapshots.as_of', -365) }}
                and order_date < {{ add_days('snapshots.as_of', var('churn_horizon_days') - 365) }}
                then order_count
            else 0
        end) as orders_same_season,
        count(case when paid_date >= {{ add_days('snapshots.as_of', -90) }} then 1 end) as order_days_90d,
        count(case when paid_date >= {{ add_days('snapshots.as_of', -365) }} then 1 end) as order_days_365d,
        count(paid_date) as order_days_total,
        count(distinct case
            when paid_date >= {{ add_days('snapshots.as_of', -365) }}
                then extract(year from paid_date) * 12 + extract(month from paid_date)
        end) as order_months_365d,
        avg(gap_days) as order_gap_mean_days,
        stddev_samp(gap_days) as order_gap_std_days,
        {{ sum_within('net_cents', 'order_date', 30) }} as net_revenue_cents_30d,
        {{ sum_within('net_cents', 'order_date', 90) }} as net_revenue_cents_90d,
        {{ sum_within('net_cents', 'order_date', 180) }} as net_revenue_cents_180d,
        {{ sum_within('net_cents', 'order_date', 365) }} as net_revenue_cents_365d,
        sum(net_cents) as net_revenue_cents_total,
        sum(gross_cents) as gross_cents_total,
        {{ sum_within('quantity', 'order_date', 365) }} as quantity_365d,
        {{ sum_within('case when refund_cents > 0 then 1 end', 'order_date', 90) }} as refunds_90d,
        {{ sum_within('refund_cents', 'order_date', 365) }} as refund_cents_365d,
        {{ sum_within('gross_cents', 'order_date', 365) }} as gross_cents_365d
    from days
    inner join snapshots on days.order_date < snapshots.as_of
    group by days.customer_key, snapshots.as_of
),

final as (
    select
        spine.customer_key,
        spine.as_of,
        coalesce(windows.orders_total > 0, false) as has_ordered,
        cast({{ days_between('windows.last_order_date', 'spine.as_of') }} as double) as days_since_last_order,
        cast({{ days_between('windows.first_order_date', 'spine.as_of') }} as double) as days_since_first_order,
        cast(coalesce(windows.orders_30d, 0) as double) as orders_30d,
        cast(coalesce(windows.orders_90d, 0) as double) as orders_90d,
        cast(coalesce(windows.orders_180d, 0) as double) as orders_180d,
        cast(coalesce(windows.orders_365d, 0) as double) as orders_365d,
        cast(coalesce(windows.orders_total, 0) as double) as orders_total,
        cast(coalesce(2 * windows.orders_90d - windows.orders_180d, 0) as double) as orders_change_90d,
        cast(coalesce(windows.orders_same_season, 0) as double) as orders_same_season,
        cast(coalesce(windows.order_days_90d, 0) as double) as order_days_90d,
        cast(coalesce(windows.order_days_365d, 0) as double) as order_days_365d,
        cast(coalesce(windows.order_days_total, 0) as double) as order_days_total,
        cast(coalesce(windows.order_months_365d, 0) as double) as order_months_365d,
        {{ steady('windows.order_gap_mean_days') }} as order_gap_mean_days,
        {{ steady('windows.order_gap_std_days') }} as order_gap_std_days,
        {{ steady(ratio(days_between('windows.last_order_date', 'spine.as_of'), 'windows.order_gap_mean_days')) }}
            as recency_over_gap,
        {{ steady('coalesce(windows.net_revenue_cents_30d, 0)') }} as net_revenue_cents_30d,
        {{ steady('coalesce(windows.net_revenue_cents_90d, 0)') }} as net_revenue_cents_90d,
        {{ steady('coalesce(windows.net_revenue_cents_180d, 0)') }} as net_revenue_cents_180d,
        {{ steady('coalesce(windows.net_revenue_cents_365d, 0)') }} as net_revenue_cents_365d,
        {{ steady('coalesce(windows.net_revenue_cents_total, 0)') }} as net_revenue_cents_total,
        {{ steady(ratio('windows.gross_cents_total', 'windows.orders_total')) }} as average_order_value_cents,
        {{ steady('coalesce(windows.quantity_365d, 0)') }} as quantity_365d,
        cast(coalesce(windows.refunds_90d, 0) as double) as refunds_90d,
        {{ steady(ratio('windows.refund_cents_365d', 'windows.gross_cents_365d')) }} as refund_share_365d
    from spine
    left join windows
        on spine.customer_key = windows.customer_key
        and spine.as_of = windows.as_of
    where exists (select 1 from {{ ref('stg_crm__orders') }})
)

select * from final
