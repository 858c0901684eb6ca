with snapshots as (
    select * from {{ ref('int_features__snapshots') }}
),

purchases as (
    select
        customer_key,
        product_id,
        order_date
    from {{ ref('int_features__order_lines') }}
    where gross_cents > 0 and product_id is not null
),

final as (
    select
        purchases.customer_key,
        snapshots.as_of,
        cast(count(distinct case
            when purchases.order_date >= {{ add_days('snapshots.as_of', -90) }} then purchases.product_id
        end) as double) as products_90d,
        cast(count(distinct purchases.product_id) as double) as products_365d
    from purchases
    inner join snapshots
        on purchases.order_date < snapshots.as_of
        and purchases.order_date >= {{ add_days('snapshots.as_of', -365) }}
    group by purchases.customer_key, snapshots.as_of
)

select * from final
