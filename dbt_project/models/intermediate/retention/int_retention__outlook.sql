{{ config(materialized='view') }}
with customers as (
    select customer_key
    from {{ ref('dim_customers') }}
    where is_current
),

churn as (
    select * from {{ ref('churn') }}
),

reasons as (
    select * from {{ ref('int_retention__reasons') }}
),

candidates as (
    select * from {{ ref('int_retention__candidates') }}
),

customer_values as (
    select * from {{ ref('customer_value') }}
),

personas as (
    select * from {{ ref('customer_personas') }}
),

listed as (
    select * from {{ ref('retention_risk_list') }}
),

next_actions as (
    select * from {{ ref('next_best_actions') }}
    where action_rank = 1
),

final as (
    select
        customers.customer_key,
        churn.churn_probability,
        churn.risk_decile,
        candidates.value_at_risk_cents,
        customer_values.value_cents as customer_value_cents,
        customer_values.value_change_cents as customer_value_change_cents,
        customer_values.value_decile as customer_value_decile,
        personas.persona_id,
        personas.persona_en,
        personas.persona_zh,
        reasons.reason_1,
        reasons.reason_2,
        reasons.reason_3,
        reasons.reason_1_zh,
        reasons.reason_2_zh,
        reasons.reason_3_zh,
        listed.list_rank is not null as is_on_retention_list,
        listed.list_rank as retention_list_rank,
        coalesce(next_actions.action_code, candidates.action_code) as next_best_action,
        coalesce(next_actions.action_en, candidates.action_en) as next_best_action_en,
        coalesce(next_actions.action_zh, candidates.action_zh) as next_best_action_zh
    from customers
    left join churn on customers.customer_key = churn.customer_key
    left join reasons on customers.customer_key = reasons.customer_key
    left join candidates on customers.customer_key = candidates.customer_key
    left join customer_values on customers.customer_key = customer_values.customer_key
    left join personas on customers.customer_key = personas.customer_key
    left join listed on customers.customer_key = listed.customer_key
    left join next_actions on customers.customer_key = next_actions.customer_key
)

select * from final
