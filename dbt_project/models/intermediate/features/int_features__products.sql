{#- How a customer's products do among others (the customer left out, so that nobody is compared with himself) is told against
    all products of the night: where records begin on a day, both sides grow with the calendar. -#}
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

bought as (
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
    from bought
    group by product_id, as_of
),

buyers as (
    select
        as_of,
        count(distinct customer_key) as buyers
    from bought
    group by as_of
),

nights as (
    select
        products.as_of,
        max(buyers.buyers) as buyers,
        {{ ratio('sum(products.current_buyers)', 'sum(products.buyers)') }} as current_share,
        {{ ratio('sum(products.again_buyers)', 'sum(products.buyers)') }} as again_share
    from products
    inner join buyers on products.as_of = buyers.as_of
    group by products.as_of
),

sums as (
    select
        bought.customer_key,
        bought.as_of,
        sum(bought.is_recent) as recent_products,
        count(*) as products,
        {{ exact_mean('ln(products.buyers)') }} as log_buyers,
        sum(products.buyers - 1) as others,
        sum(products.current_buyers - bought.is_current) as current_others,
        sum(products.again_buyers - bought.is_again) as again_others
    from bought
    inner join products on bought.product_id = products.product_id and bought.as_of = products.as_of
    group by bought.customer_key, bought.as_of
),

final as (
    select
        sums.customer_key,
        sums.as_of,
        cast(sums.recent_products as double) as products_90d,
        cast(sums.products as double) as products_365d,
        {{ steady('exp(sums.log_buyers) / nights.buyers') }} as product_buyer_share_365d,
        {{ steady(ratio(ratio('sums.current_others', 'sums.others'), 'nights.current_share')) }} as product_demand_30d,
        {{ steady(ratio(ratio('sums.again_others', 'sums.others'), 'nights.again_share')) }} as product_repeats_365d
    from sums
    inner join nights on sums.as_of = nights.as_of
)

select * from final
