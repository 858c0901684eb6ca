{#- Twelve-month margin of the contracts that ended, or else of the purchases in the year before the last purchase of
    the relation. -#}
with numbered_relations as (
    select
        customer_key,
        relation_kind,
        lost_on,
        last_began_on,
        row_number() over (partition by customer_key order by relation_number desc) as recency_rank
    from {{ ref('int_value__relations') }}
),

lost_relations as (
    select * from numbered_relations
    where recency_rank = 1 and lost_on is not null
),

contracts as (
    select
        lost_relations.customer_key,
        sum(subscriptions.monthly_price_cents) * {{ var('retention_value_months') }} as revenue_cents
    from lost_relations
    inner join {{ ref('fct_subscriptions') }} as subscriptions
        on lost_relations.customer_key = subscriptions.customer_key
        and {{ to_date('subscriptions.cancelled_at') }} = lost_relations.lost_on
    where lost_relations.relation_kind = 'contract'
    group by lost_relations.customer_key
),

purchases as (
    select
        lost_relations.customer_key,
        sum(days.gross_cents - days.refund_cents) as revenue_cents
    from lost_relations
    inner join {{ ref('int_features__order_days') }} as days
        on lost_relations.customer_key = days.customer_key
        and days.order_date > {{ add_days('lost_relations.last_began_on', -365) }}
    where lost_relations.relation_kind = 'purchase'
    group by lost_relations.customer_key
),

final as (
    select
        lost_relations.customer_key,
        lost_relations.relation_kind,
        lost_relations.lost_on as lost_at,
        {{ steady('greatest(coalesce(contracts.revenue_cents, purchases.revenue_cents, 0), 0) * ' ~ var('retention_margin_share')) }}
            as lost_value_cents
    from lost_relations
    left join contracts on lost_relations.customer_key = contracts.customer_key
    left join purchases on lost_relations.customer_key = purchases.customer_key
)

select * from final
