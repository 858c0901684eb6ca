{{ config(materialized='table') }}
with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

versions as (
    select * from {{ ref('dim_customers') }}
),

customers as (
    select
        customer_key,
        min(created_at) as created_at
    from versions
    group by customer_key
),

spine as (
    select
        customers.customer_key,
        snapshots.as_of,
        customers.created_at
    from customers
    inner join snapshots
        on coalesce(customers.created_at < cast(snapshots.as_of as timestamp), true)
),

final as (
    select
        spine.customer_key,
        spine.as_of,
        cast({{ days_between('spine.created_at', 'spine.as_of') }} as double) as customer_age_days,
        versions.region,
        versions.segment,
        versions.country,
        versions.language,
        versions.acquisition_channel,
        versions.is_vip,
        versions.attributes
    from spine
    left join versions
        on spine.customer_key = versions.customer_key
        and {{ is_valid_at('cast(spine.as_of as timestamp)') }}
)

select * from final
