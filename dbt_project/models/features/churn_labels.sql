{%- set horizon = var('churn_horizon_days') -%}
with snapshots as (
    select
        as_of,
        {{ add_days('as_of', horizon) }} as known_from
    from {{ ref('int_features__snapshots') }}
),

known_snapshots as (
    select * from snapshots
    where known_from <= {{ as_of_date() }}
),

contract_labels as (
    select
        subscriptions.customer_key,
        snapshots.as_of,
        'contract' as definition,
        max(coalesce(subscriptions.cancelled_at < cast(snapshots.known_from as timestamp), false)) as is_churned,
        max(snapshots.known_from) as known_from
    from {{ ref('fct_subscriptions') }} as subscriptions
    inner join known_snapshots as snapshots
        on subscriptions.started_at < cast(snapshots.as_of as timestamp)
        and coalesce(subscriptions.cancelled_at >= cast(snapshots.as_of as timestamp), true)
    where subscriptions.customer_key is not null
    group by subscriptions.customer_key, snapshots.as_of
),

lapse_labels as (
    select
        days.customer_key,
        snapshots.as_of,
        'lapse' as definition,
        max(days.order_date) < snapshots.as_of as is_churned,
        max(snapshots.known_from) as known_from
    from {{ ref('int_features__order_days') }} as days
    inner join known_snapshots as snapshots on days.order_date < snapshots.known_from
    where days.order_count > 0
    group by days.customer_key, snapshots.as_of
    having min(days.order_date) < snapshots.as_of
),

final as (
    select * from contract_labels
    where '{{ var("churn_definition") }}' = 'contract'
    union all
    select * from lapse_labels
    where '{{ var("churn_definition") }}' = 'lapse'
)

select * from final
