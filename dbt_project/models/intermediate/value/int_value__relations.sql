{{ config(pre_hook="{{ remember_previous() }}") }}
{#- The relations of a customer who ever had a contract come from contracts only; those of other customers from
    purchases, each of which extends the relation by `lapse_days`. -#}
with contracts as (
    select
        customer_key,
        subscription_id as period_id,
        {{ to_date('started_at') }} as began_on,
        {{ to_date('cancelled_at') }} as ended_on,
        coalesce({{ add_days('cancelled_at', threshold('value', 'contract_gap_days')) }}, date '9999-12-31') as covers_until
    from {{ ref('fct_subscriptions') }}
    where customer_key is not null
),

purchases as (
    select
        days.customer_key,
        cast(days.order_date as string) as period_id,
        days.order_date as began_on,
        {{ add_days('days.order_date', threshold('value', 'lapse_days')) }} as ended_on,
        {{ add_days('days.order_date', threshold('value', 'lapse_days')) }} as covers_until
    from {{ ref('int_features__order_days') }} as days
    left join (select distinct customer_key from contracts) as contractual
        on days.customer_key = contractual.customer_key
    where days.order_count > 0 and contractual.customer_key is null
),

periods as {{ materialized() }} (
    select
        *,
        'contract' as relation_kind
    from contracts
    union all
    select
        *,
        'purchase' as relation_kind
    from purchases
),

with_previous_coverage as {{ materialized() }} (
    select
        *,
        max(covers_until) over (
            partition by customer_key
            order by began_on, period_id
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from periods
),

numbered_periods as (
    select
        *,
        sum(case when began_on <= covered_until then 0 else 1 end) over (
            partition by customer_key
            order by began_on, period_id
            rows between unbounded preceding and current row
        ) as relation_number
    from with_previous_coverage
),

relations as (
    select
        customer_key,
        cast(relation_number as bigint) as relation_number,
        min(relation_kind) as relation_kind,
        min(began_on) as began_on,
        max(began_on) as last_began_on,
        case when count(ended_on) = count(*) then max(ended_on) end as ends_on,
        count(*) as period_count
    from numbered_periods
    group by customer_key, relation_number
),

final as (
    select
        customer_key,
        relation_number,
        relation_kind,
        began_on,
        last_began_on,
        case when ends_on < {{ as_of_date() }} then ends_on end as lost_on,
        period_count
    from relations
)

select * from final
