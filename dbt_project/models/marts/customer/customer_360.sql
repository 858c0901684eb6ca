with customers as (
    select * from {{ ref('dim_customers') }}
    where is_current
),

standing as (
    select * from {{ ref('int_customer__standing') }}
),

features as (
    select * from {{ ref('customer_features') }}
    where as_of = {{ as_of_date() }}
),

rfm as (
    select * from {{ ref('customer_rfm') }}
),

outlook as (
    select * from {{ ref('int_retention__outlook') }}
),

final as (
    select
        customers.customer_key,
        customers.customer_id,
        {{ as_of_date() }} as as_of,
        customers.name,
        customers.country,
        customers.region,
        customers.segment,
        customers.language,
        customers.is_vip,
        customers.is_contactable,
        customers.acquisition_channel,
        customers.owner_id,
        customers.created_at,
        customers.attributes,
        features.has_active_subscription,
        features.active_subscription_count,
        features.tenure_days,
        features.monthly_price_cents,
        features.days_to_term_end,
        features.expected_value_cents,
        rfm.first_order_date,
        rfm.last_order_date,
        features.orders_365d,
        features.net_revenue_cents_365d,
        features.net_revenue_cents_total,
        rfm.recency_score,
        rfm.frequency_score,
        rfm.monetary_score,
        rfm.segment_code as rfm_segment,
        rfm.segment_en as rfm_segment_en,
        rfm.segment_zh as rfm_segment_zh,
        features.points_balance,
        features.usage_minutes_28d,
        features.days_since_last_use,
        features.outage_minutes_28d,
        features.last_csat,
        features.mean_csat_365d,
        features.last_nps,
        features.last_ces,
        features.survey_responses_365d,
        features.days_since_last_response,
        features.tickets_90d,
        features.tickets_365d,
        features.open_tickets,
        features.complaints_365d,
        features.mean_first_response_minutes_90d,
        features.mean_resolution_minutes_90d,
        features.contacts_90d,
        features.late_deliveries_90d,
        standing.lifecycle_stage,
        standing.lifecycle_stage_en,
        standing.lifecycle_stage_zh,
        standing.lifecycle_since,
        standing.last_lost_on,
        standing.loss_cause,
        standing.winback_stage,
        standing.health_score,
        standing.health_state,
        standing.health_change,
        standing.health_mover,
        standing.is_health_drop,
        standing.tier_code,
        standing.tier_en,
        standing.tier_zh,
        standing.spend_cents_12m,
        standing.upgrade_missing_cents,
        standing.is_downgrade_warning,
        standing.points_at_stake,
        standing.points_value_at_stake_cents,
        standing.next_points_expire_on,
        standing.next_renewal_on,
        standing.open_complaints,
        standing.sla_breaches_90d,
        standing.has_ticket_at_risk,
        standing.planned_contact,
        standing.overdue_contacts,
        outlook.churn_probability,
        outlook.risk_decile,
        outlook.value_at_risk_cents,
        outlook.customer_value_cents,
        outlook.customer_value_change_cents,
        outlook.customer_value_decile,
        outlook.persona_id,
        outlook.persona_en,
        outlook.persona_zh,
        outlook.reason_1,
        outlook.reason_2,
        outlook.reason_3,
        outlook.reason_1_zh,
        outlook.reason_2_zh,
        outlook.reason_3_zh,
        outlook.is_on_retention_list,
        outlook.retention_list_rank,
        outlook.next_best_action,
        outlook.next_best_action_en,
        outlook.next_best_action_zh
    from customers
    left join standing on customers.customer_key = standing.customer_key
    left join features on customers.customer_key = features.customer_key
    left join rfm on customers.customer_key = rfm.customer_key
    left join outlook on customers.customer_key = outlook.customer_key
)

select * from final
