{{ config(tags=['decide']) }}
with contracts as (
    select
        *,
        {{ to_date('ends_at') }} as ends_on
    from {{ ref('fct_subscriptions') }}
    where is_active and customer_key is not null and ends_at >= {{ as_of_timestamp() }}
),

renewals as (
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

priced as (
    select
        renewals.*,
        customers.name as customer_name,
        customers.is_contactable,
        customers.owner_id as account_owner_id,
        churn.churn_probability,
        reasons.reason_1,
        reasons.reason_1_zh,
        health.health_score,
        {{ steady('coalesce(renewals.monthly_price_cents, 0) * ' ~ var('retention_value_months') ~ ' * ' ~ var('retention_margin_share')) }}
            as renewal_value_cents,
        row_number() over (order by renewals.ends_on, renewals.subscription_id) as turn
    from renewals
    left join customers on renewals.customer_key = customers.customer_key
    left join churn on renewals.customer_key = churn.customer_key
    left join reasons on renewals.customer_key = reasons.customer_key
    left join health on renewals.customer_key = health.customer_key
),

final as (
    select
        {{ as_of_date() }} as as_of,
        priced.subscription_id,
        priced.customer_key,
        priced.customer_id,
        priced.customer_name,
        coalesce(priced.is_contactable, true) as is_contactable,
        priced.plan,
        priced.product,
        priced.term_months,
        priced.monthly_price_cents,
        priced.ends_on,
        cast({{ days_between(as_of_date(), 'priced.ends_on') }} as bigint) as days_to_end,
        priced.renewal_value_cents,
        priced.churn_probability,
        case
            when priced.churn_probability is null then 'unknown'
            when priced.churn_probability >= {{ threshold('value', 'renewal_high_risk') }} then 'high'
            when priced.churn_probability >= {{ threshold('value', 'renewal_medium_risk') }} then 'medium'
            else 'low'
        end as risk,
        {{ steady('priced.churn_probability * priced.renewal_value_cents') }} as value_at_risk_cents,
        priced.health_score,
        priced.reason_1,
        priced.reason_1_zh,
        coalesce(account_owners.employee_id, managers.employee_id) as owner_id,
        account_owners.employee_id is not null as is_account_owner
    from priced
    left join employees as account_owners on priced.account_owner_id = account_owners.employee_id
    left join employees as managers
        on managers.role = 'account_manager'
        and priced.turn % managers.colleagues = managers.turn
)

select * from final
