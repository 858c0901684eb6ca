{#- What customers did in each of the last calendar months: contract holders use the product, everybody else buys. Months
    without activity are rows too, so that windows count months. -#}
with relations as (
    select
        customer_key,
        min(relation_kind) as relation_kind
    from {{ ref('int_value__relations') }}
    group by customer_key
    having count(*) > count(lost_on) or max(lost_on) >= {{ oldest_lifecycle_month() }}
),

months as (
    select {{ add_months(month_of(as_of_date()), '-number') }} as month_start
    from {{ numbers_below(60) }} as numbers
    where number <= {{ threshold('value', 'lifecycle_months') }} + 6
),

purchases as (
    select
        customer_key,
        {{ month_of('order_date') }} as month_start,
        sum(gross_cents - refund_cents) as activity
    from {{ ref('int_features__order_days') }}
    where order_date >= {{ oldest_lifecycle_month(6) }}
    group by customer_key, {{ month_of('order_date') }}
),

minutes as (
    select
        customer_keys.customer_key,
        {{ month_of('usage.usage_date') }} as month_start,
        sum(usage.minutes) as activity
    from {{ ref('stg_crm__usage_daily') }} as usage
    inner join {{ ref('int_identity__customer_keys') }} as customer_keys on usage.customer_id = customer_keys.customer_id
    where usage.usage_date >= {{ oldest_lifecycle_month(6) }} and usage.usage_date < {{ as_of_date() }}
    group by customer_keys.customer_key, {{ month_of('usage.usage_date') }}
),

final as (
    select
        relations.customer_key,
        months.month_start,
        {{ steady("coalesce(case relations.relation_kind when 'contract' then minutes.activity else purchases.activity end, 0)") }}
            as activity
    from relations
    cross join months
    left join purchases on relations.customer_key = purchases.customer_key and months.month_start = purchases.month_start
    left join minutes on relations.customer_key = minutes.customer_key and months.month_start = minutes.month_start
)

select * from final
