{#- Margin of twelve months that went with the customer: of the contracts that ended, else of what was bought in the year
    before the last purchase of the relation. -#}
with lost as (
    select
        customer_key,
        relation_kind,
        lost_on,
        last_began_on,
        row_number() over (partition by customer_key order by relation_number desc) as recency_rank
    from {{ ref('int_value__relations') }}
),

latest as (
    select * from lost
    where recency_rank = 1 and lost_on is not null
),

contracts as (
    select
        latest.customer_key,
        sum(subscriptions.monthly_price_cents) * {{ var('retention_value_months') }} as revenue_cents
    from latest
    inner join {{ ref('fct_subscriptions') }} as subscriptions
        on latest.customer_key = subscriptions.customer_key
        and {{ to_date('subscriptions.cancelled_at') }} = latest.lost_on
    where latest.relation_kind = 'contract'
    group by latest.customer_key
),

purchases as (
    select
        latest.customer_key,
        sum(days.gross_cents - days.refund_cents) as revenue_cents
    from latest
    inner join {{ ref('int_features__order_days') }} as days
        on latest.customer_key = days.customer_key
        and days.order_date > {{ add_days('latest.last_began_on', -365) }}
    where latest.relation_kind = 'purchase'
    group by latest.customer_key
),

final as (
    select
        latest.customer_key,
        latest.relation_kind,
        latest.lost_on as lost_at,
        {{ steady('greatest(coalesce(contracts.revenue_cents, purchases.revenue_cents, 0), 0) * ' ~ var('retention_margin_share')) }}
            as lost_value_cents
    from latest
    left join contracts on latest.customer_key = contracts.customer_key
    left join purchases on latest.customer_key = purchases.customer_key
)

select * from final
