{{ config(tags=['decide']) }}
with contracts as (
    select
        *,
        {{ to_date('ends_at') }} as ends_on
    from {{ ref('fct_subscriptions') }}
    where is_active and customer_key is not null and ends_at >= {{ as_of_timestamp() }}
),

due as (
    select *
    from contracts
    where ends_on <= {{ add_days(as_of_date(), threshold('value', 'renewal_window_days')) }}
),

customers as (
    select * from {{ ref('dim_customers') }}
    where is_current
),

churn as (
    select * from {{ ref('churn') }}
),

reasons as (
    select * from {{ ref('int_retention__reasons') }}
),

health as (
    select * from {{ ref('customer_health_daily') }}
    where as_of = {{ as_of_date() }}
),

employees as (
    select
        employee_id,
        role,
        row_number() over (partition by role order by employee_id) - 1 as turn,
        count(*) over (partition by role) as colleagues
    from {{ ref('int_employees') }}
    where left_at is null
),

valued as (
    select
        due.*,
        customers.name as customer_name,
        customers.is_contactable,
        customers.owner_id as account_owner_id,
        churn.churn_probability,
        reasons.reason_1,
        reasons.reason_1_zh,
        health.health_score,
        {{ steady('coalesce(due.monthly_price_cents, 0) * ' ~ var('retention_value_months') ~ ' * ' ~ var('retention_margin_share')) }}
            as renewal_value_cents,
        row_number() over (order by due.ends_on, due.subscription_id) as turn
    from due
    left join customers on due.customer_key = customers.customer_key
    left join churn on due.customer_key = churn.customer_key
    left join reasons on due.customer_key = reasons.customer_key
    left join health on due.customer_key = health.customer_key
),

final as (
    select
        {{ as_of_date() }} as as_of,
        valued.subscription_id,
        valued.customer_key,
        valued.customer_id,
        valued.customer_name,
        coalesce(valued.is_contactable, true) as is_contactable,
        valued.plan,
        valued.product,
        valued.term_months,
        valued.monthly_price_cents,
        valued.ends_on,
        cast({{ days_between(as_of_date(), 'valued.ends_on') }} as bigint) as days_to_end,
        valued.renewal_value_cents,
        valued.churn_probability,
        case
            when valued.churn_probability is null then 'unknown'
            when valued.churn_probability >= {{ threshold('value', 'renewal_high_risk') }} then 'high'
            when valued.churn_probability >= {{ threshold('value', 'renewal_medium_risk') }} then 'medium'
            else 'low'
        end as risk,
        {{ steady('valued.churn_probability * valued.renewal_value_cents') }} as value_at_risk_cents,
        valued.health_score,
        valued.reason_1,
        valued.reason_1_zh,
        coalesce(account_owners.employee_id, managers.employee_id) as owner_id,
        account_owners.employee_id is not null as is_account_owner
    from valued
    left join employees as account_owners on valued.account_owner_id = account_owners.employee_id
    left join employees as managers
        on managers.role = 'account_manager'
        and valued.turn % managers.colleagues = managers.turn
)

select * from final
