with losses as (
    select * from {{ ref('int_value__lost_value') }}
    where lost_at >= {{ add_days(as_of_date(), '-' ~ threshold('value', 'winback_days')) }}
),

customers as (
    select * from {{ ref('dim_customers') }}
    where is_current and coalesce(is_contactable, true)
),

attribution as (
    select * from {{ ref('churn_attribution') }}
),

attempts as (
    select * from {{ ref('int_value__winback_attempts') }}
),

stages as (
    select * from {{ ref('winback_stages') }}
),

valued_customers as (
    select
        losses.*,
        customers.customer_id,
        customers.name as customer_name,
        customers.owner_id as account_owner_id,
        attribution.cause,
        attribution.cause_en,
        attribution.cause_zh,
        attribution.confidence as cause_confidence,
        attribution.evidence_1_en,
        attribution.evidence_1_zh,
        coalesce(attempts.attempt_count, 0) as attempt_count,
        attempts.last_attempt_at,
        attempts.last_channel,
        attempts.last_outcome,
        stages.stage,
        stages.stage_en,
        stages.stage_zh,
        stages.offer_en,
        stages.offer_zh,
        stages.script_en,
        stages.script_zh,
        stages.channel,
        stages.owner_role,
        {{ steady('losses.lost_value_cents * stages.success_share - stages.cost_cents - ' ~ var('retention_contact_cost_cents')) }}
            as expected_profit_cents,
        greatest(
            coalesce(
                {{ add_days('attempts.last_attempt_at', threshold('value', 'winback_rest_days')) }},
                case
                    when attribution.cause = 'service' then {{ add_days('losses.lost_at', threshold('value', 'winback_trust_days')) }}
                end,
                losses.lost_at
            ), {{ as_of_date() }}
        ) as contact_on
    from losses
    inner join customers on losses.customer_key = customers.customer_key
    inner join attribution
        on losses.customer_key = attribution.customer_key
        and losses.lost_at = attribution.lost_at
    left join attempts on losses.customer_key = attempts.customer_key and losses.lost_at = attempts.lost_at
    inner join stages
        on attribution.cause = stages.cause
        and stages.attempt_number = coalesce(attempts.attempt_count, 0) + 1
    where coalesce(attempts.attempt_count, 0) < {{ threshold('value', 'winback_attempts') }}
),

final as (
    select
        {{ as_of_date() }} as as_of,
        cast(row_number() over (order by expected_profit_cents desc, customer_key asc) as bigint) as list_rank,
        customer_key,
        customer_id,
        customer_name,
        relation_kind,
        lost_at,
        cast({{ days_between('lost_at', as_of_date()) }} as bigint) as days_lost,
        cause,
        cause_en,
        cause_zh,
        cause_confidence,
        evidence_1_en,
        evidence_1_zh,
        lost_value_cents,
        expected_profit_cents,
        cast(attempt_count as bigint) as attempt_count,
        last_attempt_at,
        last_channel,
        last_outcome,
        stage,
        stage_en,
        stage_zh,
        offer_en,
        offer_zh,
        script_en,
        script_zh,
        channel,
        owner_role,
        account_owner_id,
        contact_on,
        contact_on = {{ as_of_date() }} as is_due_tonight
    from valued_customers
    where expected_profit_cents > 0
)

select * from final
