{#- The other buyers of a customer's products (without the customer, to avoid self-comparison) are compared with the
    buyers of all products at the same snapshot. The ratio removes growth over time: where records start late, both
    sides grow with the calendar. -#}
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

customer_products as (
    select
        purchases.customer_key,
        purchases.product_id,
        snapshots.as_of,
        case when max(purchases.order_date) >= {{ add_days('snapshots.as_of', -90) }} then 1 else 0 end as is_recent,
        case when max(purchases.order_date) >= {{ add_days('snapshots.as_of', -30) }} then 1 else 0 end as is_current,
        case when min(purchases.order_date) < max(purchases.order_date) then 1 else 0 end as is_again
    from purchases
    inner join snapshots
        on purchases.order_date < snapshots.as_of
        and purchases.order_date >= {{ add_days('snapshots.as_of', -365) }}
    group by purchases.customer_key, purchases.product_id, snapshots.as_of
),

products as (
    select
        product_id,
        as_of,
        count(*) as buyers,
        sum(is_current) as current_buyers,
        sum(is_again) as again_buyers
    from customer_products
    group by product_id, as_of
),

buyers as (
    select
        as_of,
        count(distinct customer_key) as buyers
    from customer_products
    group by as_of
),

all_products as (
    select
        products.as_of,
        max(buyers.buyers) as buyers,
        {{ ratio('sum(products.current_buyers)', 'sum(products.buyers)') }} as current_share,
        {{ ratio('sum(products.again_buyers)', 'sum(products.buyers)') }} as again_share
    from products
    inner join buyers on products.as_of = buyers.as_of
    group by products.as_of
),

customer_sums as (
    select
        customer_products.customer_key,
        customer_products.as_of,
        sum(customer_products.is_recent) as recent_products,
        count(*) as products,
        {{ exact_mean('ln(products.buyers)') }} as log_buyers,
        sum(products.buyers - 1) as others,
        sum(products.current_buyers - customer_products.is_current) as current_others,
        sum(products.again_buyers - customer_products.is_again) as again_others
    from customer_products
    inner join products on customer_products.product_id = products.product_id and customer_products.as_of = products.as_of
    group by customer_products.customer_key, customer_products.as_of
),

final as (
    select
        customer_sums.customer_key,
        customer_sums.as_of,
        cast(customer_sums.recent_products as double) as products_90d,
        cast(customer_sums.products as double) as products_365d,
        {{ steady('exp(customer_sums.log_buyers) / all_products.buyers') }} as product_buyer_share_365d,
        {{ steady(ratio(ratio('customer_sums.current_others', 'customer_sums.others'), 'all_products.current_share')) }}
            as product_demand_30d,
        {{ steady(ratio(ratio('customer_sums.again_others', 'customer_sums.others'), 'all_products.again_share')) }}
            as product_repeats_365d
    from customer_sums
    inner join all_products on customer_sums.as_of = all_products.as_of
)

select * from final
