{{ config(materialized='view') }}
{#- Current state of each customer from the tables that need no model score: lifecycle, health, loyalty, service, plan. -#}
with customers as (
    select customer_key
    from {{ ref('dim_customers') }}
    where is_current
),

health as (
    select * from {{ ref('customer_health_daily') }}
    where as_of = {{ as_of_date() }}
),

points as (
    select
        customer_key,
        sum(points_at_stake) as points_at_stake,
        sum(value_at_stake_cents) as points_value_at_stake_cents,
        min(expires_on) as next_points_expire_on
    from {{ ref('points_expiry') }}
    group by customer_key
),

service as (
    select
        customer_key,
        sum(case when is_complaint and not is_resolved then 1 else 0 end) as open_complaints,
        sum(case
            when opened_at >= {{ timestamp_add_days(as_of_timestamp(), -90) }}
                and (is_first_response_breached or is_resolution_breached) then 1
            else 0
        end) as sla_breaches_90d,
        max(case when is_at_risk and not is_resolved then 1 else 0 end) = 1 as has_ticket_at_risk
    from {{ ref('fct_tickets') }}
    where customer_key is not null
    group by customer_key
),

terms as (
    select
        customer_key,
        min({{ to_date('ends_at') }}) as next_renewal_on
    from {{ ref('fct_subscriptions') }}
    where is_active and ends_at >= {{ as_of_timestamp() }} and customer_key is not null
    group by customer_key
),

losses as (
    select
        customer_key,
        {{ value_at_max('cause', 'lost_at') }} as loss_cause
    from {{ ref('churn_attribution') }}
    group by customer_key
),

plan as (
    select
        customer_key,
        max(case when is_contact_tonight then rule_code end) as planned_contact,
        sum(case when state = 'overdue' then 1 else 0 end) as overdue_contacts
    from {{ ref('contact_plan') }}
    group by customer_key
),

final as (
    select
        customers.customer_key,
        lifecycle.stage as lifecycle_stage,
        lifecycle.stage_en as lifecycle_stage_en,
        lifecycle.stage_zh as lifecycle_stage_zh,
        lifecycle.stage_since as lifecycle_since,
        lifecycle.last_lost_on,
        losses.loss_cause,
        winback.stage as winback_stage,
        health.health_score,
        health.health_state,
        health.score_change as health_change,
        health.main_mover as health_mover,
        coalesce(health.is_drop, false) as is_health_drop,
        tiers.tier_code,
        tiers.tier_en,
        tiers.tier_zh,
        tiers.spend_cents_12m,
        tiers.upgrade_missing_cents,
        coalesce(tiers.is_downgrade_warning, false) as is_downgrade_warning,
        cast(coalesce(points.points_at_stake, 0) as bigint) as points_at_stake,
        cast(coalesce(points.points_value_at_stake_cents, 0) as double) as points_value_at_stake_cents,
        points.next_points_expire_on,
        terms.next_renewal_on,
        cast(coalesce(service.open_complaints, 0) as bigint) as open_complaints,
        cast(coalesce(service.sla_breaches_90d, 0) as bigint) as sla_breaches_90d,
        coalesce(service.has_ticket_at_risk, false) as has_ticket_at_risk,
        plan.planned_contact,
        cast(coalesce(plan.overdue_contacts, 0) as bigint) as overdue_contacts
    from customers
    left join {{ ref('customer_lifecycle') }} as lifecycle on customers.customer_key = lifecycle.customer_key
    left join health on customers.customer_key = health.customer_key
    left join {{ ref('loyalty_tiers') }} as tiers on customers.customer_key = tiers.customer_key
    left join points on customers.customer_key = points.customer_key
    left join service on customers.customer_key = service.customer_key
    left join terms on customers.customer_key = terms.customer_key
    left join losses on customers.customer_key = losses.customer_key
    left join plan on customers.customer_key = plan.customer_key
    left join {{ ref('winback_list') }} as winback on customers.customer_key = winback.customer_key
)

select * from final
