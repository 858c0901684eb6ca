with ranked as (
    select * from {{ ref('int_retention__ranked') }}
),

reasons as (
    select * from {{ ref('int_retention__reasons') }}
),

owners as (
    select * from {{ ref('int_retention__owners') }}
),

previous as (
    select * from {{ ref('int_retention__previous_list') }}
),

final as (
    select
        {{ as_of_date() }} as as_of,
        cast(ranked.list_rank as bigint) as list_rank,
        ranked.customer_key,
        ranked.customer_id,
        ranked.customer_name,
        ranked.churn_probability,
        ranked.risk_decile,
        ranked.value_at_risk_cents,
        ranked.expected_profit_cents,
        reasons.reason_1,
        reasons.reason_2,
        reasons.reason_3,
        reasons.reason_1_zh,
        reasons.reason_2_zh,
        reasons.reason_3_zh,
        ranked.action_code as recommended_action,
        ranked.action_en,
        ranked.action_zh,
        ranked.offer_en,
        ranked.offer_zh,
        ranked.script_en as action_script,
        ranked.script_zh as action_script_zh,
        ranked.action_channel,
        owners.owner_id,
        {{ add_days(as_of_date(), var('retention_due_days')) }} as due_date,
        cast(previous.list_rank as bigint) as previous_rank,
        cast(previous.list_rank - ranked.list_rank as bigint) as rank_change,
        'nightly-{{ night("as_of") }}' as run_id
    from ranked
    left join reasons on ranked.customer_key = reasons.customer_key
    left join owners on ranked.customer_key = owners.customer_key
    left join previous on ranked.customer_key = previous.customer_key
)

select * from final
